//! What stands below the help of each command: how it is called.

pub(super) const ALL: &str = "\
Examples:
  tidings run                        what cron calls: build, then send what is due
  tidings send --dry-run             look at the newsletter in the terminal
  tidings --now 2026-12-01T08:00:00+09:00 send --dry-run
  tidings check                      what is wrong with posts, config, lists and templates

Exit codes:
  0    done, or nothing to do
  1    some part failed, the rest was done
  2    usage or configuration: nothing was done
  75   another run is at work, the relay is away, or a signal came: try later
  130  a second signal: ended at once; the next run does the rest";

pub(super) const BUILD: &str = "\
Examples:
  tidings build                      into public/, or where `publish` says
  tidings build --out _site          into another folder
  tidings build --json | jq .feeds   what was written, for scripts";

pub(super) const SEND: &str = "\
Examples:
  tidings send --dry-run                              the text part, in the terminal
  tidings send --dry-run --format html > issue.html   the HTML part, for a browser
  tidings send --dry-run --explain                    why each post is in it or not
  tidings send --to you@example.com                   a test copy to yourself
  tidings send --newsletter weekly                    what is due of one newsletter";

pub(super) const RUN: &str = "\
Examples:
  */10 * * * * tidings -C /home/me/blog run           in a crontab; `tidings schedule` prints the line
  tidings --log json run 2>>tidings.log               with a log, for those who collect them";

pub(super) const INIT: &str = "\
Examples:
  tidings init                       asks, on a terminal
  tidings init ~/blog --url https://example.com/blog --from 'News <news@example.com>'";

pub(super) const SUBSCRIBERS: &str = "\
Examples:
  tidings subscribers list --status active
  tidings subscribers import members.csv --dry-run    what another tool has exported
  tidings subscribers add minji@example.com --name 김민지 --language ko
  tidings subscribers erase minji@example.com         forget somebody who asks for it";

pub(super) const SERVE: &str = "\
Examples:
  tidings serve                      for a proxy on this machine
  tidings serve --preview            posts, feeds and the next issue in the browser, as you write
  tidings serve --listen 0.0.0.0:8443";

pub(super) const STATUS: &str = "\
Examples:
  tidings status                     what is due, and the last issues
  tidings status --json | jq .due
  tidings status weekly-20261123 --failed   the copies of one issue, and why";

pub(super) const ISSUE: &str =
    "`tidings status` shows the issues' ids; the beginning or end of one is enough.";

pub(super) const RESOLVE: &str = "\
Examples:
  tidings resolve weekly-20261123 --assume-sent       all in doubt count as sent
  tidings resolve weekly-20261123 --resend minji@example.com";

pub(super) const CHECK: &str = "\
Examples:
  tidings check                      everything but the network
  tidings check --dns                the senders' SPF, DKIM and DMARC, too
  tidings check --sarif > tidings.sarif   for code scanners";

pub(super) const EXPLAIN: &str = "\
Examples:
  tidings explain front-matter       what this finding means, and how it is mended
  tidings explain                    all codes";

pub(super) const FEEDS: &str = "\
Examples:
  tidings feeds                      which feeds there are
  tidings feeds --links              the lines for the head of your theme's pages";

pub(super) const IDS: &str = "\
Examples:
  tidings ids list                   under which ids posts have been published
  tidings ids pin                    after a new domain: keep them, and say no more of it";

pub(super) const TEMPLATES: &str = "\
Examples:
  tidings templates list             every template, and whose it is
  tidings templates eject words/ko.yaml   a copy to change, in templates/
  tidings templates names            what they may use
  tidings templates check            try them on the newest posts";

pub(super) const BOUNCES: &str = "\
Examples:
  tidings bounces                    from where `mail.bounces` says
  tidings bounces ~/Maildir          once, from there
  |/usr/bin/tidings -C /home/me/blog bounces -        in an alias of a mail server";

pub(super) const DKIM: &str = "\
Examples:
  tidings dkim keygen                keys, the lines for the config, and the DNS records
  tidings check --dns                whether the records are there";

pub(super) const LEDGER: &str = "\
Examples:
  tidings ledger copy ~/backup/blog-2026-11-23.db   a backup, also while a run is at work
  tidings ledger verify                             whether it is whole
  tidings ledger verify ~/backup/blog-2026-11-23.db";

pub(super) const CONFIG: &str = "\
Examples:
  tidings config show                every setting, and the file that says so; secrets are hidden
  tidings config schema > config/tidings.schema.json   for editors that complete as you type";

pub(super) const SCHEDULE: &str = "\
Examples:
  tidings schedule --cron            a line for `crontab -e`
  tidings schedule --systemd --out /etc/systemd/system   a service and its timer
  tidings schedule --github --out .  a workflow: feeds to Pages, mail by secrets";

pub(super) const COMPLETIONS: &str = "\
Examples:
  tidings completions bash > ~/.local/share/bash-completion/completions/tidings
  tidings completions fish > ~/.config/fish/completions/tidings.fish";

pub(super) const MAN: &str = "\
Examples:
  tidings man | man -l -             here and now
  tidings man --out ~/.local/share/man/man1";
