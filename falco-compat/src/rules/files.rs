//! Which files hold the rules.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::selection::matches_wildcard;

/// A rules file's name and content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesFile {
    /// The path as reports show it.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// A file or directory that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("Could not open for reading: {}", path.display())]
pub struct FilesError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// The rules files of the configured paths, in order. Of a directory these are the files in it
/// whose names end in `.yaml` or `.yml`, sorted, without those of its subdirectories; a path that
/// does not end so and is no directory gives nothing.
pub fn find_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, FilesError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.extend(is_rules_file(path).then(|| path.clone()));
            continue;
        }
        let error = |source| FilesError { path: path.clone(), source };
        let mut found = Vec::new();
        for entry in fs::read_dir(path).map_err(error)? {
            let file = entry.map_err(error)?.path();
            if file.is_file() && is_rules_file(&file) {
                found.push(file);
            }
        }
        found.sort();
        files.append(&mut found);
    }
    Ok(files)
}

/// Reads files.
pub fn read_files(paths: &[PathBuf]) -> Result<Vec<RulesFile>, FilesError> {
    let read = |path: &PathBuf| match fs::read(path) {
        Ok(content) => Ok(RulesFile { name: path.to_string_lossy().into_owned(), content }),
        Err(source) => Err(FilesError { path: path.clone(), source }),
    };
    paths.iter().map(read).collect()
}

fn is_rules_file(path: &Path) -> bool {
    let name = path.to_string_lossy();
    matches_wildcard("*.yaml", &name) || matches_wildcard("*.yml", &name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_give_their_yaml_files_in_order() {
        let directory = std::env::temp_dir().join(format!("rules-files-{}", std::process::id()));
        fs::create_dir_all(directory.join("sub")).unwrap();
        for name in ["b.yaml", "a.yml", "c.txt", "sub/d.yaml"] {
            fs::write(directory.join(name), "").unwrap();
        }
        let explicit = PathBuf::from("x.yaml");
        let found = find_files(&[directory.clone(), explicit.clone(), "y.txt".into()]).unwrap();
        fs::remove_dir_all(&directory).unwrap();
        assert_eq!(found, [directory.join("a.yml"), directory.join("b.yaml"), explicit]);
    }
}
