//! When to stop.

/// Waits for SIGTERM or Ctrl-C.
pub async fn requested() {
    use actix_web::rt::signal::unix::{SignalKind, signal};

    let terminated = signal(SignalKind::terminate());
    let interrupted = actix_web::rt::signal::ctrl_c();
    match terminated {
        Ok(mut terminated) => {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = interrupted => {}
            }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}
