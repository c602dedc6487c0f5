//! A property list for launchd (launchd.plist(5)).

use html_escape::encode_text;

use super::{Call, MINUTES, Planned};

const FOLDER: &str = "~/Library/LaunchAgents/";

/// The list.
pub(super) fn list(call: &Call) -> Planned {
    let words: String =
        call.words().iter().map(|word| format!("\t\t<string>{}</string>\n", encode_text(word))).collect();
    let text = format!(
        "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">
<plist version=\"1.0\">
<dict>
\t<key>Label</key>
\t<string>{}</string>
\t<key>ProgramArguments</key>
\t<array>
{words}\t</array>
\t<key>StartInterval</key>
\t<integer>{}</integer>
\t<key>StandardErrorPath</key>
\t<string>{}</string>
\t<key>ProcessType</key>
\t<string>Background</string>
</dict>
</plist>
",
        call.name,
        MINUTES * 60,
        encode_text(&format!("{}/.tidings/errors.log", call.site))
    );
    Planned { folder: FOLDER, name: format!("{}.plist", call.name), text }
}

/// What is to be done with it.
pub(super) fn then(call: &Call) -> String {
    format!("put it into {FOLDER} without its first line; then: launchctl load {FOLDER}{}.plist", call.name)
}
