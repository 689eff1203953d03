//! The address that the API listens on, and what becomes of clients that take nothing.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

/// Listens on an address. A client that leaves what it was sent for so long is cut off by the system,
/// and with its connection goes all that waits for it: the server itself would wait for ever. Other
/// systems than Linux do not know that; there a proxy has to.
/// Errors: the sentence that says why the address cannot be had.
pub fn listen(address: SocketAddr, stall: Duration) -> Result<TcpListener, String> {
    let told = |cause: std::io::Error| format!("{address}: {cause}");
    let listener = TcpListener::bind(address).map_err(told)?;
    // Connections inherit it.
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(&listener).set_tcp_user_timeout(Some(stall)).map_err(told)?;
    #[cfg(not(target_os = "linux"))]
    let _ = stall;
    Ok(listener)
}
