//! Listens for clients, and cuts off those that stop reading.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

/// Listens on an address. The system cuts off a client that stalls this long, and everything that waits for it
/// ends with the connection; the server itself would wait forever. Only Linux supports that; elsewhere a proxy
/// has to do it.
/// Errors: the sentence that says why the address cannot be used.
pub fn listen(address: SocketAddr, stall: Duration) -> Result<TcpListener, String> {
    let sentence = |cause: std::io::Error| format!("{address}: {cause}");
    let listener = TcpListener::bind(address).map_err(sentence)?;
    // Connections inherit it.
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(&listener).set_tcp_user_timeout(Some(stall)).map_err(sentence)?;
    #[cfg(not(target_os = "linux"))]
    let _ = stall;
    Ok(listener)
}
