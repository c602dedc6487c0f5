//! The list's desk, and lists of every length.

use crate::site::{CONFIG, Site, simple};

/// A newsletter that goes out when its owner says so.
fn by_hand() -> String {
    CONFIG.replace("schedule: \"0 8 * * MON\"", "schedule: manual")
}

fn ledger_config() -> String {
    by_hand().replace("schedule: manual", "schedule: manual, subscribers: ledger")
}

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/lists/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_list_of_many_is_the_same_in_yaml_and_csv_and_says_where_it_is_wrong() {
    // Longer than what is read at once.
    let count = 3000;
    let name = "긴 이름의 독자 ".repeat(6);
    let yaml: String =
        (0..count).map(|n| format!("- email: r{n}@example.net\n  name: {name}{n}\n")).collect();
    let bad = format!("{yaml}- email: nobody\n- {{ email: R7@example.net, status: unsubscribed }}\n");
    let site = Site::new().subscribers(&bad);
    let found = site.run(&["check"]).code(1).stderr;
    assert!(found.contains("subscribers.yaml:6001:"), "{found}");
    assert!(found.contains("subscribers.yaml:6002:"), "{found}");
    let active = |site: &Site| {
        let list = site.run(&["subscribers", "list", "--status", "active", "--json"]).code(0).json();
        list.as_array().unwrap().len()
    };
    assert_eq!(active(&site), count - 1);
    let csv: String = (0..count).map(|n| format!("r{n}@example.net,{name}{n}\r\n")).collect();
    let csv = format!("email,name\r\n\r\n{csv}nobody,x\r\n\"r8@example.net\",\"a\nb\"\r\n");
    let config = CONFIG.replace("schedule:", "subscribers: list.csv, schedule:");
    let site = Site::new().config(&config).file("config/list.csv", csv);
    let found = site.run(&["check"]).code(1).stderr;
    assert!(found.contains("list.csv:3003:"), "{found}");
    assert!(found.contains("list.csv:3004:"), "{found}");
    assert_eq!(active(&site), count);
}

#[test]
fn an_import_says_what_it_would_do_and_does_it_and_brings_nobody_back() {
    let site = Site::new().config(&ledger_config()).post("2026-11-20-one.md", simple("하나"));
    let unsubscribed = fixture("mailchimp-unsubscribed.csv");
    let ghost = fixture("ghost.csv");
    let before = site.snapshot();
    let would = site.run(&["subscribers", "import", &ghost, "--dry-run"]).code(0).stderr;
    assert!(would.contains("the file of Ghost would come to"), "{would}");
    assert_eq!(site.snapshot(), before, "a dry run changes nothing");
    site.run(&["subscribers", "import", &unsubscribed]).code(0).says("who have left");
    let did = site.run(&["subscribers", "import", &ghost]).code(0).stderr;
    assert_eq!(did.replace("came to", "would come to"), would);
    let again = site.run(&["subscribers", "import", &ghost]).code(0).stderr;
    assert!(again.contains("on the list already") && !again.contains(" new"), "{again}");
    let active = site.run(&["subscribers", "list", "--status", "active", "--json"]).code(0).json();
    let active = active.as_array().unwrap().len();
    site.run(&["send"]).code(0).says(&format!("{active} sent"));
    // Who has left here does not come back by a file that knows nothing of it.
    let site = site.file("old.csv", "email,name\ndoyun@example.com,이도윤\nnew@example.net,=HYPERLINK\n");
    let old = site.path("old.csv");
    let ran = site.run(&["subscribers", "import", old.to_str().unwrap()]).code(0);
    ran.says("1 new, 1 kept away");
    let export = site.run(&["subscribers", "export"]).code(0).stdout;
    assert!(export.contains("new@example.net,'=HYPERLINK,"), "{export}");
    // What was exported can be the list, as it is.
    let site = Site::new()
        .config(&CONFIG.replace("schedule:", "subscribers: list.csv, schedule:"))
        .file("config/list.csv", export);
    site.run(&["subscribers", "list", "--status", "active", "--json"]).code(0);
    site.run(&["check"]).never_says("not known here");
}

#[test]
fn a_file_that_no_tool_writes_is_refused_whole() {
    let site = Site::new().config(&ledger_config()).file("odd.csv", "email,bought\nkim@example.net,yes\n");
    let odd = site.path("odd.csv");
    site.run(&["subscribers", "import", odd.to_str().unwrap()])
        .code(2)
        .says("no tool known here exports these columns");
    assert_eq!(site.run(&["subscribers", "list"]).code(0).stdout, "");
}

#[test]
fn suppression_beats_every_list_until_the_owner_lifts_it() {
    let site = Site::new().config(&by_hand()).post("2026-11-20-one.md", simple("하나"));
    site.run(&["subscribers", "suppress", "KIM@example.net", "--reason", "complained"]).code(0);
    site.run(&["send"]).code(0).never_says("1 sent");
    site.run(&["subscribers", "add", "kim@example.net"]).code(1).says("complained");
    let json = site.run(&["subscribers", "list", "--json"]).code(0).json();
    assert_eq!((&json[0]["status"], &json[0]["email"]), (&"complained".into(), &"kim@example.net".into()));
    site.run(&["subscribers", "suppress", "kim@example.net", "--lift"]).code(0);
    let site = site.post("2026-11-21-two.md", simple("둘"));
    site.run(&["--now", "2026-11-23T09:10:00+09:00", "send"]).code(0).says("1 sent");
}

#[test]
fn whoever_is_erased_stays_so_and_nothing_names_them() {
    let site = Site::new().config(&by_hand()).post("2026-11-20-one.md", simple("하나"));
    site.run(&["send"]).code(0).says("1 sent");
    site.run(&["subscribers", "erase", "kim@example.net"]).code(0).says("delete the entry there, too");
    assert_eq!(site.run(&["subscribers", "list"]).code(0).stdout, "");
    let issue = site.run(&["status", "--json"]).code(0).json()["issues"][0].clone();
    assert_eq!(issue["deliveries"]["sent"], 1, "the sums stay");
    let site = site.post("2026-11-21-two.md", simple("둘"));
    site.run(&["--now", "2026-11-24T09:00:00+09:00", "send"]).code(0).never_says("1 sent");
    site.run(&["--now", "2026-11-24T09:00:00+09:00", "subscribers", "add", "kim@example.net"]).code(0);
    site.run(&["--now", "2026-11-24T09:01:00+09:00", "send"]).code(0).says("1 sent");
}

#[test]
fn what_somebody_asked_for_outlives_an_import_and_who_left_a_removal() {
    let site = Site::new().config(&ledger_config());
    site.run(&["subscribers", "add", "lee@example.net", "--topic", "AI"]).code(0);
    let site = site.file("left.csv", "email,status\npark@example.net,unsubscribed\n");
    let left = site.path("left.csv");
    site.run(&["subscribers", "import", left.to_str().unwrap()]).code(0);
    site.run(&["subscribers", "remove", "park@example.net"]).code(0).says("they have left");
    let site = site.file("all.csv", "email,name\npark@example.net,박\nlee@example.net,이\n");
    let all = site.path("all.csv");
    site.run(&["subscribers", "import", all.to_str().unwrap()]).code(0).says("1 kept away");
    let json = site.run(&["subscribers", "list", "--json"]).code(0).json();
    let of = |email: &str| json.as_array().unwrap().iter().find(|one| one["email"] == email).unwrap().clone();
    assert_eq!(of("lee@example.net")["topics"], serde_json::json!(["AI"]));
    assert_eq!(of("park@example.net")["status"], "unsubscribed");
}

#[test]
fn whoever_has_left_by_the_lists_file_is_not_brought_back_by_an_export() {
    let site = Site::new()
        .subscribers("- { email: kim@example.net, status: unsubscribed }\n- { email: lee@example.net }\n");
    let site = site.file("export.csv", "email,name\nkim@example.net,김민지\nnew@example.net,\n");
    let export = site.path("export.csv");
    let import = site.run(&["subscribers", "import", export.to_str().unwrap()]).code(0);
    import.says("1 new").says("1 kept away");
    let list = site.run(&["subscribers", "list"]).code(0).stdout;
    assert!(list.contains("unsubscribed  kim@example.net"), "{list}");
    // The owner's own word counts, and says what it is against.
    site.run(&["subscribers", "add", "kim@example.net"])
        .code(0)
        .says("the list's file says `unsubscribed` of them");
}

#[test]
fn korean_names_in_two_columns_are_put_together_as_koreans_do() {
    let header = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n";
    let row = |email: &str, first: &str, last: &str| {
        format!("{email},{first},{last},2,,,2026-01-02 03:04:05,,,,,,,,,2026-01-02 03:04:05,1,a,,\n")
    };
    let csv =
        format!("{header}{}{}", row("kim@example.org", "민지", "김"), row("ann@example.org", "Ann", "Lee"));
    let site = Site::new().subscribers("[]\n").file("subscribed.csv", csv);
    let export = site.path("subscribed.csv");
    site.run(&["subscribers", "import", export.to_str().unwrap()]).code(0).says("2 new");
    let list = site.run(&["subscribers", "list"]).code(0).stdout;
    assert!(list.contains("김민지") && list.contains("Ann Lee"), "{list}");
}

#[test]
fn nobody_is_imported_while_the_lists_file_cannot_say_who_has_left() {
    let config = by_hand().replace("select:", "subscribers: list.csv, select:");
    let site = Site::new()
        .config(&config)
        .file("config/list.csv", "email,name,status,phone\nkim@example.net,K,unsubscribed,1\n");
    let site = site.file("export.csv", "email,name\nkim@example.net,K\n");
    let export = site.path("export.csv");
    for args in [
        &["subscribers", "import", export.to_str().unwrap()][..],
        &["subscribers", "import", export.to_str().unwrap(), "--dry-run"],
    ] {
        site.run(args).code(2).says("the column `phone` is not known").says("mend the list's file first");
    }
    let site = site.file("config/list.csv", "email,name,status\nkim@example.net,K,unsubscribed\n");
    site.run(&["subscribers", "import", export.to_str().unwrap()]).code(0).says("1 kept away");
}
