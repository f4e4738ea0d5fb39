//! One snippet per framework; the paths that must be asked, and those that must not.

use std::collections::BTreeMap;

use jettison_image::Healthcheck;
use proptest::prelude::*;

use super::*;

fn snapshot(files: &[(&str, &str)]) -> (Snapshot, BTreeMap<String, Vec<u8>>) {
    let entry = |(path, text): &(&str, &str)| Entry {
        path: (*path).to_owned(),
        kind: EntryKind::File,
        size: text.len() as u64,
        mode: 0o644,
    };
    let kept = files.iter().map(entry).collect();
    let contents = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    (Snapshot { kept, ..Snapshot::default() }, contents)
}

fn requests(files: &[(&str, &str)], config: &ImageConfig) -> Vec<ProbeRequest> {
    let (snapshot, contents) = snapshot(files);
    discover(&snapshot, &|path, max| contents.get(path).map(|bytes| bytes.iter().take(max).copied().collect()), config)
}

/// Paths found in the sources, without the ones that are always asked.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let requests = requests(files, &ImageConfig::default()).into_iter();
    let own = requests.filter(|request| {
        !["the start page", "a usual path", "a path that no app has"].contains(&request.source.as_str())
    });
    own.map(|request| request.path).collect()
}

#[track_caller]
fn check(name: &str, text: &str, expected: &[&str]) {
    assert_eq!(found(&[(name, text)]), expected, "{name}");
}

#[test]
fn the_start_page_comes_first_and_the_404_last() {
    let requests = requests(&[], &ImageConfig::default());
    assert_eq!(requests.first().map(|request| request.path.as_str()), Some("/"));
    assert_eq!(requests.last().map(|request| request.path.as_str()), Some(MISSING_PATH));
}

#[test]
fn python() {
    let text = r#"
@app.get("/")
@app.get(
    "/notes"
)
@app.post("/notes/new")
@bp.route('/list', methods=["GET", "POST"])
@bp.route("/add", methods=["POST"])
@app.get("/notes/<int:note_id>")
# @app.get("/off")
@app.get("/admin/shutdown")
def x(): return requests.get("http://other.example/")
"#;
    check("app.py", text, &["/notes", "/list", "/notes/1"]);
    let django =
        "urlpatterns = [\n path('', home), path('about/', about), path(\"p/<slug:s>/\", p), re_path(r'^year/$', y)]";
    check("urls.py", django, &["/about/", "/year/", "/p/1/"]);
    check("s.py", "Application([(r\"/tornado\", H)])\nif self.path == '/raw':", &["/tornado", "/raw"]);
}

#[test]
fn prefixes_of_a_blueprint_are_tried() {
    let text = "bp = Blueprint('n', __name__, url_prefix='/api')\n@bp.get('/x')";
    check("n.py", text, &["/x", "/api/x"]);
    let files = [("a.js", "app.use('/v1', router)"), ("b.js", "router.get('/todos', f)")];
    assert_eq!(found(&files), ["/todos", "/v1/todos"]);
}

#[test]
fn javascript() {
    let text = "app.get('/a', h); router.get(`/b/:id`, h); app.post('/c', h); fastify.route({method: 'GET', url: '/d'});\n\
                fastify.route({ url: '/e', method: 'POST' }); if (req.url === '/f') {} // app.get('/g')\n";
    check("src/server.ts", text, &["/a", "/d", "/f", "/b/1"]);
    check("c.ts", "@Controller('cats')\nclass C { @Get('all') all() {} }", &["/all", "/cats/all"]);
}

#[test]
fn go() {
    let text = "mux.HandleFunc(\"/a\", a)\nmux.HandleFunc(\"GET /b/{id}\", b)\nmux.HandleFunc(\"POST /c\", c)\nr.GET(\"/d\", d)\n\
                http.Handle(\"/e/\", e)\nmux.HandleFunc(\"GET /{$}\", root)\nr.HandleFunc(\"/f\", f).Methods(\"GET\")";
    check("main.go", text, &["/a", "/d", "/e/", "/f", "/b/1"]);
}

#[test]
fn rust() {
    let text = "Router::new().route(\"/a\", get(a)).route(\"/b\", post(b)).route(\"/c\", get(c).post(d));\n#[get(\"/d\")]\n\
                match x { (Method::Get, \"/e\") => 1, (&Method::GET, \"/f\") => 2, (Method::Post, \"/g\") => 3 }";
    check("main.rs", text, &["/a", "/c", "/d", "/e", "/f"]);
}

#[test]
fn java() {
    let text = "@RequestMapping(\"/api\")\nclass C {\n@GetMapping(\"/a\") x()\n@GetMapping(value = \"/b/{id}\") y()\n@PostMapping(\"/c\") z()\n}";
    check("C.java", text, &["/api", "/a", "/api/a", "/b/1", "/api/b/1"]);
    check(
        "src/main/java/test/example/M.java",
        "if (call.equals(\"GET /health\")) {} server.createContext(\"/x\", h);",
        &["/health", "/x"],
    );
}

#[test]
fn ruby_php_dotnet_and_elixir() {
    check(
        "config/routes.rb",
        "Rails.application.routes.draw do\n  get '/a', to: 'x#y'\n  get \"b\", to: 'x#z'\n  post '/c'\nend",
        &["/a", "/b"],
    );
    check("app.rb", "require 'sinatra'\nget '/hi' do\nend", &["/hi"]);
    check("web.php", "<?php Route::get('/a', f); Route::post('/b', f); $app->get('/c/{id}', f);", &["/a", "/c/1"]);
    check("Program.cs", "app.MapGet(\"/a\", () => 1); app.MapPost(\"/b\", f);", &["/a"]);
    check("router.ex", "  scope \"/api\" do\n    get \"/a\", C, :i\n", &["/a", "/api/a"]);
}

#[test]
fn nginx() {
    let text = "server {\n location = /health { return 200; }\n location /assets/ { }\n location ~ \\.php$ { }\n # location /off {\n location @named {}\n}";
    check("nginx.conf", text, &["/health", "/assets/"]);
}

#[test]
fn served_files_are_asked_by_their_likely_address() {
    let files = [
        ("app/static/css/a.css", "x"),
        ("public/robots2.txt", "x"),
        ("site/assets/b.js", "x"),
        ("static/empty.css", ""),
        ("public/x.bin", "x"),
    ];
    let all = found(&files);
    assert!(
        all.starts_with(&["/assets/b.js".to_owned(), "/robots2.txt".to_owned(), "/static/css/a.css".to_owned()]),
        "{all:?}"
    );
    assert!(!all.iter().any(|path| path.contains("empty") || path.contains("bin")), "{all:?}");
}

#[test]
fn pages_that_are_routes_by_their_place() {
    let files = [
        ("src/app/about/page.tsx", "x"),
        ("pages/index.jsx", "x"),
        ("pages/_app.jsx", "x"),
        ("pages/api/hi.ts", "x"),
        ("app/(shop)/cart/[id]/page.js", "x"),
    ];
    assert_eq!(found(&files), ["/about", "/api/hi", "/cart/1"]);
}

#[test]
fn an_api_description_gives_its_get_paths() {
    let json = r#"{"openapi":"3.0.0","servers":[{"url":"https://x.example/v2"}],"paths":{"/a":{"get":{}},"/b":{"post":{}},"/c/{id}":{"get":{}}}}"#;
    assert_eq!(found(&[("docs/openapi.json", json)]), ["/v2/a", "/v2/c/1"]);
    let yaml = "openapi: 3.0.0\npaths:\n  /a:\n    get:\n      x: y\n  /b:\n    post:\n      x: y\n  '/c':\n    get:\ncomponents:\n  /d:\n    get:\n";
    assert_eq!(found(&[("swagger.yaml", yaml)]), ["/a", "/c"]);
}

fn health(test: &[&str]) -> Vec<(Option<u16>, String)> {
    let test = test.iter().map(|word| (*word).to_owned()).collect();
    let env = vec![("PORT".to_owned(), "3000".to_owned())];
    let config = ImageConfig { healthcheck: Some(Healthcheck { test }), env, ..ImageConfig::default() };
    let requests = requests(&[("docker/healthcheck.sh", "curl http://localhost:7000/from-script")], &config);
    requests
        .into_iter()
        .filter(|request| !request.source.starts_with('a') && request.path != "/")
        .map(|request| (request.port, request.path))
        .collect()
}

#[test]
fn health_checks_of_every_kind() {
    let shell = |text: &'static str| health(&["CMD-SHELL", text]);
    assert_eq!(shell("curl -fsS http://localhost:8000/health || exit 1"), [(Some(8000), "/health".to_owned())]);
    assert_eq!(shell("wget -qO- 127.0.0.1:$PORT/up>/dev/null"), [(Some(3000), "/up".to_owned())]);
    assert_eq!(shell("curl http://localhost:${OTHER:-81}/x"), [(Some(81), "/x".to_owned())]);
    assert_eq!(shell("curl http://localhost/plain"), [(Some(80), "/plain".to_owned())]);
    assert_eq!(
        health(&["CMD", "python", "-c", "urlopen('http://127.0.0.1:5000/py')"]),
        [(Some(5000), "/py".to_owned())]
    );
    assert_eq!(
        health(&["CMD", "node", "-e", "http.get({port: 3000, path: '/node'})"]),
        [(Some(3000), "/node".to_owned())]
    );
    assert_eq!(health(&["CMD", "/healthcheck.sh"]), [(Some(7000), "/from-script".to_owned())]);
    assert_eq!(shell("curl https://localhost:8443/tls; curl http://other.example:1/x"), []);
    assert_eq!(health(&["NONE"]), []);
}

#[test]
fn other_peoples_code_and_tests_are_not_read() {
    let route = "app.get('/no', h)";
    assert!(
        found(&[
            ("node_modules/x/i.js", route),
            ("tests/t.js", route),
            ("a.test.js", route),
            ("vendor/v.js", route),
            ("x.min.js", route)
        ])
        .is_empty()
    );
}

#[test]
fn there_are_at_most_24_and_the_404() {
    let many: String = (0..200).map(|n| format!("app.get('/r{n}', h)\n")).collect();
    let requests = requests(&[("a.js", &many)], &ImageConfig::default());
    assert_eq!(requests.len(), 25);
    assert!(requests.iter().any(|request| request.path == "/r0" && request.source == "a.js:1"));
}

proptest! {
    #[test]
    fn any_text_in_any_file_is_no_trouble(text in "[ -~\né\"'`(){}<>/:$*]{0,300}", name in "[a-z]{1,3}\\.(py|js|go|rs|java|conf|yaml|json|rb)") {
        let openapi = format!("openapi-{name}");
        let files = [(name.as_str(), text.as_str()), (openapi.as_str(), text.as_str())];
        let test = vec!["CMD-SHELL".to_owned(), text.clone()];
        let config = ImageConfig { healthcheck: Some(Healthcheck { test }), ..ImageConfig::default() };
        let once = requests(&files, &config);
        prop_assert_eq!(&once, &requests(&files, &config));
        prop_assert!(once.iter().all(|request| request.path.starts_with('/') && request.path.is_ascii()));
    }
}
