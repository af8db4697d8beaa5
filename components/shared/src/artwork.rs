/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which artwork a document may show outside itself.

use url::Url;

/// The schemes that artwork may have.
pub const ARTWORK_SCHEMES: [&str; 5] = ["http", "https", "data", "blob", "file"];

/// Whether an absolute URL has one of the [`ARTWORK_SCHEMES`].
pub fn has_artwork_scheme(src: &str) -> bool {
    src.split_once(':').is_some_and(|(scheme, _)| ARTWORK_SCHEMES.contains(&scheme))
}

/// What one document may show: what comes from the web, and if it is a file itself, the files of its
/// folder and of those inside it. The default is what a document of the web may show.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ArtworkRule {
    /// The URL of the folder, with the `/` at its end.
    folder: Option<String>,
}

impl ArtworkRule {
    /// The rule for the document with this URL.
    pub fn of_document(url: &str) -> Self {
        let folder = Url::parse(url).ok().filter(|url| url.scheme() == "file");
        Self { folder: folder.and_then(|url| url.join(".").ok()).map(String::from) }
    }

    /// Whether the document is a file itself.
    pub fn allows_files(&self) -> bool {
        self.folder.is_some()
    }

    /// Whether the document may show this image.
    pub fn allows(&self, src: &str) -> bool {
        if !has_artwork_scheme(src) {
            return false;
        }
        // Parsing takes out `..` and its disguises.
        let is_inside = |url: Url| {
            let folder = self.folder.as_deref();
            // Whoever opens the file takes these for what they stand for: `/`, `\\` and an end.
            let path = url.path().to_ascii_lowercase();
            let is_plain = ["%2f", "%5c", "%00"].iter().all(|code| !path.contains(code));
            is_plain && folder.is_some_and(|folder| url.as_str().starts_with(folder))
        };
        !src.starts_with("file:") || Url::parse(src).is_ok_and(is_inside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_web_shows_no_files() {
        let rule = ArtworkRule::of_document("https://example.org/music/page.html");
        assert!(rule.allows("https://elsewhere.example/a.png"));
        assert!(rule.allows("data:image/png,x") && rule.allows("blob:https://example.org/1"));
        assert!(!rule.allows("file:///music/a.png"));
        assert!(!rule.allows("ftp://example.org/a.png") && !rule.allows("a.png"));
        assert_eq!(rule, ArtworkRule::default());
    }

    #[test]
    fn a_file_shows_the_files_of_its_folder_and_no_other() {
        let rule = ArtworkRule::of_document("file:///home/user/music/page.html?a#b");
        assert!(rule.allows("file:///home/user/music/a.png"));
        assert!(rule.allows("file:///home/user/music/covers/a.png"));
        assert!(rule.allows("https://example.org/a.png"));
        for outside in [
            "file:///home/user/a.png",
            "file:///home/user/music2/a.png",
            "file:///home/user/music/../a.png",
            "file:///home/user/music/%2e%2e/a.png",
            "file:///home/user/music/..%2f..%2Fa.png",
            "file:///home/user/music/..%5Ca.png",
            "file:///home/user/music/a.png%00",
            "file://host/home/user/music/a.png",
            "file:///etc/shadow",
        ] {
            assert!(!rule.allows(outside), "{outside}");
        }
    }
}
