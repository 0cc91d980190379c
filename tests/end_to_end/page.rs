//! The page at `/`: who may see it, what it shows of which calls, and that it does nothing.

mod answers;
mod audit;
mod calls;
mod oauth;
mod session;
mod tools;

use http::Method;

use crate::harness::HttpServer;
use crate::harness::http::HttpAnswer;

const TOKEN: &str = "open sesame, open";

/// The answer to a token in the form.
fn send_token(server: &HttpServer, token: &str) -> HttpAnswer {
    let form = format!("token={}", token.replace(' ', "+").replace(',', "%2C"));
    server.send(Method::POST, "/page/sign-in", &[("content-type", FORM)], form)
}

/// Signs in, as a browser does, and returns what the browser keeps.
fn sign_in(server: &HttpServer, token: &str) -> String {
    let answer = send_token(server, token);
    assert_eq!((answer.status, &answer.headers["location"]), (303, &"/".parse().expect("text")), "{answer:?}");
    cookie_of(&answer).split(';').next().expect("a pair").to_owned()
}

const FORM: &str = "application/x-www-form-urlencoded";

fn cookie_of(answer: &HttpAnswer) -> String {
    answer.headers["set-cookie"].to_str().expect("text").to_owned()
}

/// The page, or a part of it, for who has this cookie.
fn get(server: &HttpServer, path: &str, cookie: &str) -> HttpAnswer {
    server.send(Method::GET, path, &[("cookie", cookie)], "")
}

/// A page that is shown.
fn shown(server: &HttpServer, path: &str) -> String {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

/// The texts of the cells of each row of a page's tables, without markup.
fn rows(page: &str) -> Vec<Vec<String>> {
    let row = |row: &str| row.split("<td role=\"cell\"").skip(1).map(|cell| text(&format!("<td{cell}"))).collect();
    page.split("<tr role=\"row\">").skip(1).map(row).filter(|cells: &Vec<String>| !cells.is_empty()).collect()
}

/// The text of a piece of HTML.
fn text(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<').filter(|part| !part.is_empty()) {
        let (_, shown) = part.split_once('>').unwrap_or(("", ""));
        text.push_str(shown);
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}
