//! A server in this process that speaks S3 and stores objects in a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::SystemTime;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::free::{Address, free_address, private_folder};

const KEY: &str = "AKIATESTS";
const SECRET: &str = "тихий вечер у реки";

/// A bucket called «helpdesk», on an address of its own.
pub struct Bucket {
    address: Address,
    folder: PathBuf,
    server: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Bucket {
    pub fn start() -> Self {
        let folder = private_folder();
        fs::create_dir_all(folder.join("helpdesk")).unwrap();
        let mut bucket = Self { address: free_address(), folder, server: None };
        bucket.go_on();
        bucket
    }

    pub fn stop(&mut self) {
        if let Some((stop, server)) = self.server.take() {
            drop(stop);
            server.join().unwrap();
        }
    }

    /// Starts, with all objects that are there.
    pub fn go_on(&mut self) {
        let mut service = S3ServiceBuilder::new(FileSystem::new(&self.folder).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(&*self.address)).unwrap();
        let (stop, stopped) = oneshot::channel();
        let serve = serve(listener, service.build());
        let server = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve => {}
                    _ = stopped => {}
                }
            });
        });
        self.server = Some((stop, server));
    }

    /// The settings of a service that stores its files here, below a prefix.
    pub fn settings<'a>(&'a self, endpoint: &'a str) -> [(&'static str, &'a str); 5] {
        [
            ("HELPDESK_STORAGE_URL", "s3://helpdesk/of/tests"),
            ("AWS_ENDPOINT", endpoint),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ]
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The objects below the prefix.
    pub fn objects(&self) -> Vec<PathBuf> {
        listed(&self.folder.join("helpdesk/of/tests"))
    }

    /// The parts of objects that are not complete yet.
    pub fn parts(&self) -> Vec<PathBuf> {
        let all = listed(&self.folder).into_iter();
        all.filter(|it| name(it).starts_with(".upload_id-") && it.is_file()).collect()
    }

    /// Puts an object there that has no row.
    pub fn put(&self, name: &str, written_at: SystemTime) {
        let folder = self.folder.join("helpdesk/of/tests");
        fs::create_dir_all(&folder).unwrap();
        let file = fs::File::create(folder.join(name)).unwrap();
        file.set_modified(written_at).unwrap();
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    while let Ok((socket, _)) = listener.accept().await {
        let connection =
            http1::Builder::new().serve_connection(TokioIo::new(socket), service.clone());
        tokio::spawn(async {
            let _ = connection.await;
        });
    }
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|it| it.unwrap().path()).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
