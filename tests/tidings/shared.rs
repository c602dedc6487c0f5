//! Several machines that share one ledger, in PostgreSQL: each is a site in a folder of its own.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::http::Server;
use crate::postgres;
use crate::relay::Relay;
use crate::site::{CONFIG, Ran, Site, simple};

/// Machines that share a ledger, a list of `count` people and a post.
struct Fleet {
    relay: Relay,
    machines: Vec<Site>,
}

impl Fleet {
    fn new(name: &str, (machines, count): (usize, usize), pause: Duration, more: &str) -> Self {
        let relay = Relay::start(pause);
        let config = config(name, relay.port, more);
        let first = Site::new().crowd(count).post("2026-11-20-a.md", simple("가")).config(&config);
        // The first makes the secret that all have.
        first.run(&["subscribers", "erase", "nobody@example.org"]);
        let machines = (1..machines).map(|_| Site::copy_of(&first.path(""))).collect::<Vec<_>>();
        Self { relay, machines: std::iter::once(first).chain(machines).collect() }
    }

    fn start(&self, machine: usize) -> Child {
        let mut command = self.machines[machine].command(&["run"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn run_all(&self) -> Vec<Ran> {
        let all: Vec<Child> = (0..self.machines.len()).map(|machine| self.start(machine)).collect();
        all.into_iter().map(|one| Ran::of(one.wait_with_output().unwrap())).collect()
    }

    /// How many copies each recipient has got.
    fn got(&self) -> HashMap<String, usize> {
        let mut got = HashMap::new();
        for mail in self.relay.taken() {
            *got.entry(mail.recipient).or_default() += 1;
        }
        got
    }

    fn states(&self) -> serde_json::Value {
        let status = self.machines[0].run(&["status", "--json"]).code(0).json();
        assert_eq!(status["issues"].as_array().unwrap().len(), 1, "{status}");
        status["issues"][0]["deliveries"].clone()
    }

    fn wait_for(&self, count: usize) {
        let begun = Instant::now();
        while self.relay.count() < count {
            assert!(begun.elapsed() < Duration::from_mins(1), "the relay gets no mail");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn config(name: &str, relay: u16, more: &str) -> String {
    let ledger = postgres::schema(name);
    format!(
        "{CONFIG}mail: {{ transport: smtp, smtp: {{ host: 127.0.0.1, port: {relay}, tls: none, connections: 2{more} }} }}\nledger: {{ url: \"{ledger}\", lease: 10s }}\n"
    )
}

#[test]
fn machines_make_one_issue_and_deliver_it_together() {
    let fleet = Fleet::new("together", (3, 300), Duration::from_millis(3), "");
    for ran in fleet.run_all() {
        ran.code(0);
    }
    let got = fleet.got();
    assert_eq!(got.len(), 300);
    assert!(got.values().all(|copies| *copies == 1), "{got:?}");
    assert_eq!(fleet.states()["sent"], 300);
    // Nothing is left to say or to do.
    for ran in fleet.run_all() {
        ran.code(0).silent();
    }
    assert_eq!(fleet.relay.count(), 300);
}

#[test]
fn what_a_dead_machine_had_in_hand_is_in_doubt_once_its_lease_is_over_and_the_rest_goes_out() {
    let fleet = Fleet::new("dead", (2, 400), Duration::from_millis(5), "");
    let mut first = fleet.start(0);
    fleet.wait_for(20);
    first.kill().unwrap();
    first.wait().unwrap();
    let dead = Instant::now();
    fleet.machines[1].run(&["run"]).code(0);
    // It may be alive, as far as anybody knows.
    assert!(dead.elapsed() > Duration::from_secs(9) || fleet.states()["in_doubt"] == 0);
    std::thread::sleep(Duration::from_secs(11).saturating_sub(dead.elapsed()));
    fleet.machines[1].run(&["run"]);
    let states = fleet.states();
    let (sent, in_doubt) = (states["sent"].as_u64().unwrap(), states["in_doubt"].as_u64().unwrap());
    assert_eq!(sent + in_doubt, 400, "{states}");
    assert!(in_doubt <= 40, "{states}");
    let got = fleet.got();
    assert!(got.values().all(|copies| *copies == 1));
    // Whoever is counted as sent has got it.
    assert!(got.len() as u64 >= sent && got.len() as u64 <= sent + in_doubt);
}

#[test]
fn machines_that_are_cut_off_from_the_database_wait_and_go_on() {
    let fleet = Fleet::new("cut", (2, 300), Duration::from_millis(15), "");
    let both: Vec<Child> = (0..2).map(|machine| fleet.start(machine)).collect();
    let mut ended = 0;
    for time in 1..4 {
        fleet.wait_for(time * 50);
        ended += cut("cut");
    }
    assert!(ended >= 3, "{ended} connections were ended");
    for one in both {
        Ran::of(one.wait_with_output().unwrap()).code(0);
    }
    let got = fleet.got();
    assert_eq!((got.len(), got.values().max()), (300, Some(&1)));
    assert_eq!(fleet.states()["sent"], 300);
}

/// Ends every connection to a schema; how many there were.
fn cut(schema: &str) -> usize {
    let own = postgres::schema(schema);
    let name = own.rsplit('=').next().unwrap();
    let sql = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{name}'"
    );
    postgres::run(&sql).trim().parse().unwrap()
}

#[test]
fn a_list_that_is_lost_with_a_connection_is_read_anew_before_the_next_issue() {
    let fleet = Fleet::new("lost", (1, 150), Duration::from_millis(10), "");
    let site = &fleet.machines[0];
    let by_post = site.read("config/tidings.yaml").replace("\"0 8 * * MON\"", "each-post");
    std::fs::write(site.path("config/tidings.yaml"), by_post).unwrap();
    let mut first = fleet.start(0);
    fleet.wait_for(20);
    first.kill().unwrap();
    first.wait().unwrap();
    // Another post, and somebody else on the list: what goes on reads it, is cut off, and has another issue to make.
    std::fs::write(site.path("posts/2026-11-21-b.md"), simple("나")).unwrap();
    let list = site.read("config/subscribers.yaml") + "- { email: new@example.net }\n";
    std::fs::write(site.path("config/subscribers.yaml"), list).unwrap();
    let second = fleet.start(0);
    fleet.wait_for(60);
    assert!(cut("lost") > 0);
    let ran = Ran::of(second.wait_with_output().unwrap());
    ran.says("150 sent").says("in doubt");
    let copies_of =
        |recipient: &str| fleet.relay.taken().iter().filter(|mail| mail.recipient == recipient).count();
    assert_eq!(copies_of("new@example.net"), 1);
    for n in 0..150 {
        let copies = copies_of(&format!("reader{n}@example.net"));
        assert!((1..=2).contains(&copies), "reader{n} got {copies}");
    }
}

#[test]
fn an_empty_database_beside_a_past_sends_nothing() {
    let site = Site::new().config(CONFIG).post("2026-11-20-a.md", simple("가"));
    let own = CONFIG.to_owned() + "ledger: sqlite\n";
    let site = site.config(&own);
    site.run(&["run"]).code(0).says("1 sent");
    let shared = format!("{CONFIG}ledger: \"{}\"\n", postgres::schema("empty"));
    let site = site.config(&shared);
    site.run(&["run"]).code(2).says("is empty").says("ledger migrate --from .tidings/ledger.db");
    let from = site.path(".tidings/ledger.db");
    site.run(&["ledger", "migrate", "--from", from.to_str().unwrap()]).code(0);
    site.run(&["run"]).code(0).silent();
    assert_eq!(site.outbox().len(), 1);
}

#[test]
fn a_rate_holds_for_all_machines_together() {
    let fleet = Fleet::new("rate", (3, 120), Duration::ZERO, ", rate: 40/s");
    for ran in fleet.run_all() {
        ran.code(0);
    }
    let mut times: Vec<Instant> = fleet.relay.taken().iter().map(|mail| mail.at).collect();
    times.sort();
    assert_eq!(times.len(), 120);
    // The clocks of machines that were started one after the other differ by as much as that took.
    let span = Duration::from_secs(1);
    let most = (0..times.len())
        .map(|from| times[from..].iter().take_while(|at| **at - times[from] < span).count())
        .max();
    assert!(most <= Some(44), "{most:?} in a second");
    assert!(times[119] - times[0] >= Duration::from_millis(2700), "{:?}", times[119] - times[0]);
}

#[test]
fn a_folder_that_was_copied_beside_its_own_takes_nobody_for_dead() {
    let fleet = Fleet::new("copied", (1, 300), Duration::from_millis(8), "");
    let mut first = fleet.start(0);
    fleet.wait_for(20);
    // With all that the first one keeps for itself, but for what stands still while it is at work.
    let other = Site::copy_of(&fleet.machines[0].path(""));
    other.run(&["run"]).code(0);
    assert!(first.wait().unwrap().success());
    let got = fleet.got();
    assert_eq!((got.len(), got.values().max()), (300, Some(&1)));
    assert_eq!(fleet.states()["sent"], 300);
}

#[test]
fn machines_that_come_at_once_make_the_tables_once() {
    let config = format!("{CONFIG}ledger: \"{}\"\n", postgres::schema("atonce"));
    let first = Site::new().config(&config).file(".tidings/secret", "a secret that all of them have");
    let sites: Vec<Site> = (0..6).map(|_| Site::copy_of(&first.path(""))).collect();
    let all: Vec<Child> = sites
        .iter()
        .map(|site| {
            let mut command = site.command(&["ledger", "migrate"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for one in all {
        Ran::of(one.wait_with_output().unwrap()).code(0).says("the ledger is of this version");
    }
    // One of a later version is left alone.
    let schema = postgres::schema("atonce");
    let schema = schema.rsplit('=').next().unwrap();
    postgres::run(&format!("UPDATE {schema}.tidings_schema SET version = version + 1"));
    first.run(&["run"]).code(1).says("written by a later version of tidings");
}

#[test]
fn a_machine_with_another_secret_is_told_so() {
    let fleet = Fleet::new("secret", (1, 3), Duration::ZERO, "");
    let other = Site::new().config(&fleet.machines[0].read("config/tidings.yaml"));
    other.run(&["run"]).code(2).says("`.tidings/secret` is another").says("copy theirs");
    assert_eq!(fleet.relay.count(), 0);
}

#[test]
fn the_database_is_reached_by_tls_that_is_verified_and_a_password_that_stands_nowhere() {
    let open = postgres::schema("guarded");
    let schema = open.rsplit('=').next().unwrap();
    postgres::run(&format!(
        "DROP ROLE IF EXISTS guarded; CREATE ROLE guarded LOGIN PASSWORD 'open sesame'; GRANT ALL ON SCHEMA {schema} TO guarded"
    ));
    let url = format!("{}&sslmode=require", open.replace("//postgres@", "//guarded@"));
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    let with = |more: &str| format!("{CONFIG}ledger: {{ url: \"{url}\"{more} }}\n");
    let (authority, words) = (postgres::authority().display(), "`ledger` holds a password");
    let site = site.config(&with(", password_file: pw")).file("config/pw", "open sesame\n");
    site.run(&["run"]).code(75).says("cannot be reached: invalid peer certificate: UnknownIssuer");
    let site = site.config(&with(&format!(", password_file: pw, ca_file: {authority}")));
    site.run(&["run"]).code(0).says("1 sent");
    site.run(&["config", "show"]).code(0).prints("password_file").prints("verify-full");
    let site = site.config(&with(&format!(", password: wrong, ca_file: {authority}")));
    site.run(&["run"]).code(1).says("password authentication failed").never_says("wrong");
    let told = site.config(&with("").replace("guarded@", "guarded:sesame@"));
    told.run(&["run"]).code(2).says(words).never_says("sesame");
}

#[test]
fn a_ledger_moves_to_postgres_and_back_and_loses_nothing() {
    let site = Site::new()
        .config(&CONFIG.replace("select:", "subscribers: ledger, select:"))
        .post("2026-11-20-a.md", simple("가"))
        .file(
            "people.csv",
            "email,name\nkim@example.net,\"김, \\\\N\t민지\"\nlee@example.net,\nout@example.net,밖\n",
        );
    site.run(&["subscribers", "import", site.path("people.csv").to_str().unwrap()]).code(0);
    site.run(&["subscribers", "remove", "out@example.net"]).code(0);
    site.run(&["run"]).code(0);
    let first = Path::new("first.db");
    let copy = |name: &Path| {
        site.run(&["ledger", "copy", site.path(name.to_str().unwrap()).to_str().unwrap()]).code(0)
    };
    copy(first).says("1 issue, 2 copies");
    let ledger = postgres::schema("moves");
    let config = site.read("config/tidings.yaml");
    let shared = format!(
        "{}\nledger: \"{ledger}\"\n",
        config.lines().filter(|line| !line.starts_with("ledger")).collect::<Vec<_>>().join("\n")
    );
    let site = site.file("config/tidings.yaml", shared);
    let from = site.path("first.db");
    site.run(&["ledger", "migrate", "--from", from.to_str().unwrap()])
        .code(0)
        .says("1 issue, 2 copies")
        .says("whole");
    site.run(&["ledger", "migrate", "--from", from.to_str().unwrap()]).code(2).says("has something already");
    site.run(&["ledger", "verify"]).code(0).says("the ledger is whole");
    // Nothing goes out again, and what is known is known.
    site.run(&["run"]).code(0).silent();
    site.run(&["subscribers", "list"]).code(0).prints("kim@example.net");
    let back = site.path("back.db");
    site.run(&["ledger", "copy", back.to_str().unwrap()]).code(0).says("1 issue, 2 copies");
    let rows = |path: &Path| {
        let db = rusqlite::Connection::open(path).unwrap();
        let mut all = Vec::new();
        for table in [
            "entry",
            "issue",
            "issue_post",
            "delivery",
            "met",
            "reader",
            "member",
            "consent",
            "suppression",
            "erased",
        ] {
            let columns: Vec<String> = db
                .prepare(&format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"))
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let sql = format!("SELECT concat_ws('|', {}) FROM {table} ORDER BY 1", columns.join(", "));
            let mut query = db.prepare(&sql).unwrap();
            let found: Vec<String> =
                query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
            all.push((table, found));
        }
        all
    };
    assert_eq!(rows(&back), rows(&site.path("first.db")));
}

#[test]
fn servers_that_share_a_ledger_share_the_limits_of_their_forms() {
    let server = "server: { url: https://news.example.com, secret_file: secret, listen: 127.0.0.1:0 }\n";
    let config = format!("{}{server}ledger: \"{}\"\n", CONFIG, postgres::schema("forms"));
    let first = Site::new().config(&config).file("config/secret", "0123456789abcdef0123456789abcdef\n");
    first.run(&["build"]).code(0);
    let second = Site::copy_of(&first.path(""));
    let servers = [Server::start(&first), Server::start(&second)];
    let form = |n: usize| format!("email=reader{n}%40example.net&consent=yes");
    let statuses: Vec<u16> =
        (0..14).map(|n| servers[n % 2].post("/subscribe/weekly", &form(n)).status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 10, "{statuses:?}");
    assert_eq!(statuses[10..], [429; 4]);
}

#[test]
fn copies_of_old_issues_are_let_go_and_their_sums_stay() {
    let by_post = CONFIG.replace("\"0 8 * * MON\"", "each-post");
    let site = Site::new().crowd(3).config(&format!("{by_post}ledger: {{ keep: 1 }}\n"));
    let mut site = site.post("2026-11-20-a.md", simple("가"));
    for (day, name) in [(23, "b"), (24, "c"), (25, "d")] {
        site.run(&["--now", &format!("2026-11-{day}T09:00:00+09:00"), "run"]).code(0);
        site = site.post(&format!("2026-11-{day}-{name}.md"), simple(name));
    }
    site.run(&["--now", "2026-11-25T10:00:00+09:00", "run"]).code(0);
    site.run(&["--now", "2026-11-25T10:10:00+09:00", "run"]).code(0).silent();
    let status = site.run(&["status", "--json"]).json();
    let issues = status["issues"].as_array().unwrap();
    assert_eq!(issues.len(), 4);
    assert!(issues.iter().all(|issue| issue["deliveries"]["sent"] == 3), "{status}");
    assert_eq!(site.outbox().len(), 12);
    // Nobody gets one of them again, whatever becomes of its date.
    let touched =
        site.post("2026-11-20-a.md", simple("가").replace("---\ntitle", "---\ndate: 2026-11-25\ntitle"));
    touched.run(&["--now", "2026-11-25T11:00:00+09:00", "run"]).code(0).never_says("sent");
    assert_eq!(touched.outbox().len(), 12);
}
