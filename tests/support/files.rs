//! Files: sending them, attaching them, reading their bytes.

use std::collections::HashMap;
use std::io::Write as _;
use std::net::TcpStream;

use serde_json::{Value, json};

use super::app::TestApp;
use super::person::Person;
use super::response::Response;

/// A form of one part, between lines that say BOUNDARY.
pub fn form(part: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let disposition = format!("form-data; name=\"{part}\"; filename=\"{name}\"");
    let head = format!("--BOUNDARY\r\nContent-Disposition: {disposition}\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n--BOUNDARY--\r\n"].concat()
}

impl TestApp {
    /// Begins an upload of a file of that size and sends `sent` bytes of it.
    pub fn begins_upload(&self, size: usize, sent: usize) -> TcpStream {
        let form = form("file", "cut.bin", &vec![1; size]);
        let head = format!(
            "POST /api/v1/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
             Content-Type: multipart/form-data; boundary=BOUNDARY\r\nContent-Length: {}\r\n\r\n",
            self.customer().token,
            form.len(),
        );
        let mut connection = TcpStream::connect(&self.server.client.address).unwrap();
        connection.write_all(head.as_bytes()).unwrap();
        connection.write_all(&form[..sent]).unwrap();
        connection
    }

    /// A URL of ours without its host.
    pub fn path_of(&self, url: &str) -> String {
        let start = url.find("/api/v1/").unwrap_or_else(|| panic!("not of the API: {url}"));
        url[start..].to_owned()
    }

    /// What a browser gets that requests a path by itself.
    pub fn opens(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> (u16, HashMap<String, String>, Vec<u8>) {
        self.server.client.download(path, headers)
    }

    /// A fresh ticket of the customer with one file: the ids of the ticket and of the attachment.
    pub fn ticket_with_file(&self, name: &str, bytes: &[u8]) -> (i64, i64) {
        let customer = self.customer();
        let files = json!([{ "upload_id": customer.uploaded(name, bytes) }]);
        let ticket = customer.has_filed(self.request_with(&json!({ "attachments": files })));
        (ticket, customer.attachments(ticket)[0]["id"].as_i64().unwrap())
    }
}

impl Person {
    /// Sends a file.
    pub fn uploads(&self, name: &str, bytes: &[u8]) -> Response {
        let form = form("file", name, bytes);
        let headers = [("content-type", "multipart/form-data; boundary=BOUNDARY")];
        self.send("POST", "/uploads", &headers, Some(&form))
    }

    /// The id of an upload that something is to use.
    #[track_caller]
    pub fn uploaded(&self, name: &str, bytes: &[u8]) -> String {
        self.uploads(name, bytes).expect(201).word("id")
    }

    /// A link to a file.
    #[track_caller]
    pub fn link(&self, id: i64) -> Response {
        self.call("POST", &format!("/attachments/{id}/link"), None).expect(200)
    }

    #[track_caller]
    pub fn attachments(&self, ticket: i64) -> Vec<Value> {
        self.get(&format!("/tickets/{ticket}/attachments?limit=100")).expect(200).items().to_vec()
    }

    /// The bytes of an attachment, with the status and the headers that came with them.
    pub fn download(
        &self,
        id: i64,
        headers: &[(&str, &str)],
    ) -> (u16, HashMap<String, String>, Vec<u8>) {
        let bearer = format!("Bearer {}", self.token);
        let headers = [headers, &[("authorization", bearer.as_str())]].concat();
        self.client.download(&format!("/api/v1/attachments/{id}/content"), &headers)
    }
}
