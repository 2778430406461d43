//! The door of the local page: who comes in and who does not, what every answer says to the browser, what is left behind.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use wdl_contract::Contract;
use wdl_holder::error::HolderError;
use wdl_holder::report::Rows;
use wdl_holder::ui::serve;
use wdl_holder::ui::view::{
    About, Asks, Due, Kept, Office, Order, Outcome, Question, Said, Seen, Task,
};
use wdl_vocab::{DatasetId, DeliveryId, Lang, Text};

use crate::support::Ground;

/// An office that asks a question of every file, and remembers nothing.
struct Asking {
    about: About,
    contract: Contract,
}

impl Office for Asking {
    fn about(&self) -> &About {
        &self.about
    }

    fn contract(&self, dataset: &DatasetId) -> Option<&Contract> {
        (*dataset == self.contract.dataset).then_some(&self.contract)
    }

    fn deliveries(&self) -> Result<Vec<Due>, HolderError> {
        Ok(Vec::new())
    }

    fn look(&self, _: &Task, _: &Said) -> Result<Outcome, HolderError> {
        Ok(Outcome::Asks(Asks {
            questions: vec![Question {
                id: "encoding".to_owned(),
                text: Text::fixed("Quale?", "Which?"),
                choices: vec![("a".to_owned(), Text::fixed("questa", "this"))],
            }],
            ..Asks::default()
        }))
    }

    fn rows(&self, _: &Task, _: &Said, _: &Seen) -> Result<Rows, HolderError> {
        Ok(Rows::default())
    }

    fn remember(&self, _: &DatasetId, _: &BTreeMap<String, String>) -> Result<(), HolderError> {
        Ok(())
    }

    fn seal(&self, _: &Task, _: &Said, _: &Order) -> Result<DeliveryId, HolderError> {
        Err(HolderError::CustodiansNeeded(0))
    }

    fn receipts(&self) -> Result<Vec<Kept>, HolderError> {
        Ok(Vec::new())
    }

    fn hear(&self, _: &[u8]) -> Result<DeliveryId, HolderError> {
        Err(HolderError::CustodiansNeeded(0))
    }
}

/// The page as it runs.
struct Running {
    host: String,
    first: String,
    incoming: PathBuf,
    _folder: tempfile::TempDir,
    thread: Option<JoinHandle<()>>,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

impl Running {
    fn start() -> Running {
        let folder = tempfile::tempdir().unwrap();
        let incoming = folder.path().join("incoming");
        // What a run that was killed left behind.
        std::fs::create_dir_all(&incoming).unwrap();
        std::fs::write(incoming.join("left.csv"), "old").unwrap();
        let about = About {
            lab: Text::fixed("Laboratorio", "Lab"),
            body: Text::fixed("Comune", "Municipality"),
            is_synthetic: true,
            incoming: incoming.clone(),
            outbox: folder.path().join("out"),
            custodians: Vec::new(),
        };
        let contract = Ground::of_snapshots().contract("aiuti").clone();
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let office = Arc::new(Asking { about, contract });
            serve(office, 0, Lang::It, &mut |address| {
                sender.send(address.to_owned()).unwrap();
            })
            .unwrap();
        });
        let address = receiver.recv().unwrap();
        let rest = address.strip_prefix("http://").unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        Running {
            host: host.to_owned(),
            first: format!("/{path}"),
            incoming,
            _folder: folder,
            thread: Some(thread),
        }
    }

    fn raw(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = Vec::new();
        stream.read_to_end(&mut text).unwrap();
        let text = String::from_utf8_lossy(&text).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    fn get(&self, path: &str, host: &str, cookie: &str) -> Answer {
        self.raw(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        ))
    }

    fn post(&self, path: &str, extra: &str, body: &str) -> Answer {
        let (host, cookie, length) = (&self.host, self.cookie(), body.len());
        self.raw(&format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{extra}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }

    fn own(&self) -> String {
        format!("Origin: http://{}\r\n", self.host)
    }

    fn cookie(&self) -> String {
        let answer = self.get(&self.first, &self.host, "");
        let cookie = answer.header("set-cookie").unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    fn quit(&mut self) {
        let answer = self.post("/it/quit", &self.own(), "");
        assert_eq!(answer.status, 200);
        self.thread.take().unwrap().join().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.quit();
        }
    }
}

#[test]
fn the_first_address_is_on_this_machine_and_cannot_be_guessed() {
    let (one, other) = (Running::start(), Running::start());
    assert!(one.host.starts_with("127.0.0.1:"));
    let token = |page: &Running| page.first.split_once("token=").unwrap().1.to_owned();
    assert_eq!(token(&one).len(), 64);
    assert_ne!(token(&one), token(&other));
    let answer = one.get(&one.first, &one.host, "");
    assert_eq!(answer.status, 303);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    assert!(!cookie.contains(&token(&one)));
}

#[test]
fn a_wrong_token_is_refused() {
    let page = Running::start();
    for path in ["/enter", "/enter?token=", "/enter?token=00"] {
        let answer = page.get(path, &page.host, "");
        assert_eq!(answer.status, 403, "{path}");
        assert_eq!(answer.header("set-cookie"), None);
    }
    let other = Running::start();
    assert_eq!(page.get(&other.first, &page.host, "").status, 403);
}

#[test]
fn nobody_comes_in_without_the_cookie() {
    let page = Running::start();
    let other = Running::start();
    let name = page.cookie().split_once('=').unwrap().0.to_owned();
    let stolen = other.cookie().split_once('=').unwrap().1.to_owned();
    for cookie in [
        String::new(),
        format!("{name}="),
        format!("{name}=00"),
        format!("{name}={stolen}"),
        other.cookie(),
    ] {
        for path in [
            "/",
            "/it/",
            "/it/receipts",
            "/assets/page.css",
            "/it/check/1",
        ] {
            let answer = page.get(path, &page.host, &cookie);
            assert_eq!(answer.status, 403, "{path}");
            assert!(!answer.body.contains('<'), "no page is shown");
        }
    }
    assert_eq!(page.get("/it/", &page.host, &page.cookie()).status, 200);
}

#[test]
fn another_name_for_this_machine_is_refused() {
    let page = Running::start();
    let (cookie, port) = (page.cookie(), page.host.split_once(':').unwrap().1);
    for host in [
        format!("localhost:{port}"),
        format!("rebound.example:{port}"),
        "127.0.0.1".to_owned(),
        String::new(),
    ] {
        assert_eq!(page.get("/it/", &host, &cookie).status, 421, "{host}");
    }
}

#[test]
fn a_form_of_another_site_is_refused() {
    let page = Running::start();
    let own = page.own();
    for extra in [
        String::new(),
        "Origin: null\r\n".to_owned(),
        "Origin: https://rebound.example\r\n".to_owned(),
        format!("{own}Sec-Fetch-Site: cross-site\r\n"),
        "Origin: http://127.0.0.1:1\r\n".to_owned(),
    ] {
        for path in ["/it/quit", "/it/send/aiuti/2026-Q3", "/it/check/1/seal"] {
            assert_eq!(page.post(path, &extra, "").status, 403, "{path} {extra}");
        }
    }
    let put = format!(
        "PUT /it/ HTTP/1.1\r\nHost: {}\r\n{own}Connection: close\r\n\r\n",
        page.host
    );
    assert_eq!(page.raw(&put).status, 405);
}

#[test]
fn every_answer_forbids_what_the_page_does_not_need() {
    let page = Running::start();
    let cookie = page.cookie();
    for (path, cookie) in [
        ("/it/", cookie.as_str()),
        ("/it/nowhere", &cookie),
        ("/it/", ""),
    ] {
        let answer = page.get(path, &page.host, cookie);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert!(!answer.body.contains("style=") && !answer.body.contains("http://"));
    }
}

#[test]
fn a_file_lies_in_the_private_folder_and_is_gone_at_the_end() {
    let mut page = Running::start();
    assert!(
        !page.incoming.join("left.csv").exists(),
        "what was left behind is removed"
    );
    let body = "--F\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../aiuti.csv\"\r\n\r\na;b\r\n1;2\r\n\r\n--F--\r\n";
    let extra = format!(
        "{}Content-Type: multipart/form-data; boundary=F\r\n",
        page.own()
    );
    let answer = page.post("/it/send/aiuti/2026-Q3", &extra, body);
    assert_eq!(answer.header("location"), Some("/it/check/1"));
    let files: Vec<_> = std::fs::read_dir(&page.incoming)
        .unwrap()
        .flatten()
        .collect();
    assert_eq!(files.len(), 1);
    assert_eq!(std::fs::read(files[0].path()).unwrap(), b"a;b\r\n1;2\r\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&page.incoming)
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "only the owner enters");
    }
    let asked = page.get("/it/check/1", &page.host, &page.cookie());
    assert!(asked.body.contains("Quale?") && asked.body.contains("aiuti.csv"));
    page.quit();
    assert!(!page.incoming.exists());
}

#[test]
fn what_is_not_there_is_said_in_words() {
    let page = Running::start();
    let cookie = page.cookie();
    for path in [
        "/it/nowhere",
        "/de/",
        "/it/send/aiuti/soon",
        "/it/send/unknown/2026-Q3",
    ] {
        let answer = page.get(path, &page.host, &cookie);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("WDL-H050"), "{path}");
    }
    let gone = page.get("/en/check/7", &page.host, &cookie);
    assert_eq!(gone.status, 422);
    assert!(gone.body.contains("WDL-H053"));
    let empty = page.post("/it/send/aiuti/2026-Q3", &page.own(), "file=");
    assert!(empty.body.contains("WDL-H052"));
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let page = Running::start();
    let request = format!(
        "POST /it/send/aiuti/2026-Q3 HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n{}Content-Type: multipart/form-data; boundary=F\r\nContent-Length: 999999999999\r\nConnection: close\r\n\r\n",
        page.host,
        page.cookie(),
        page.own()
    );
    assert_eq!(page.raw(&request).status, 413);
}
