/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! Which bus. A bus is never started: `autolaunch:` addresses count as none.

use std::ffi::OsString;
use std::path::PathBuf;

use zbus::Address;
use zbus::address::transport::{Transport, Unix, UnixSocket};

use crate::controls::ControlsError;

/// The addresses of the session bus of an environment, best first.
///
/// # Errors
///
/// [`ControlsError::NoBus`] when `DBUS_SESSION_BUS_ADDRESS` is unset or empty and there is no
/// `$XDG_RUNTIME_DIR/bus`; else as [`parse`].
pub(super) fn session(
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Vec<Address>, ControlsError> {
    let given = variable("DBUS_SESSION_BUS_ADDRESS").filter(|list| !list.is_empty());
    if let Some(list) = given {
        return parse(&list.to_string_lossy());
    }
    let socket = variable("XDG_RUNTIME_DIR")
        .filter(|directory| !directory.is_empty())
        .map(|directory| PathBuf::from(directory).join("bus"))
        .filter(|socket| socket.exists())
        .ok_or(ControlsError::NoBus)?;
    let transport = Transport::Unix(Unix::new(UnixSocket::File(socket)));
    Ok(vec![Address::from(transport)])
}

/// The addresses of a D-Bus address list, which are separated by semicolons.
///
/// # Errors
///
/// [`ControlsError::NoBus`] when it names no bus that is running already;
/// [`ControlsError::Connect`] when it is not an address list.
pub(super) fn parse(list: &str) -> Result<Vec<Address>, ControlsError> {
    let addresses = list
        .split(';')
        .filter(|address| !address.is_empty())
        .filter(|address| !address.starts_with("autolaunch:") && !address.starts_with("disabled:"))
        .map(|address| {
            Address::try_from(address).map_err(|source| ControlsError::Connect {
                address: address.into(),
                source: source.into(),
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    if addresses.is_empty() {
        return Err(ControlsError::NoBus);
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session_of(variables: &[(&str, &str)]) -> Result<Vec<String>, ControlsError> {
        let value = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name)?;
            Some(OsString::from(found.1))
        };
        session(value).map(|list| list.iter().map(Address::to_string).collect())
    }

    #[test]
    fn no_bus_is_said_so() {
        let directory = tempfile::tempdir().unwrap();
        let empty = directory.path().to_str().unwrap();
        for variables in [
            &[][..],
            &[("XDG_RUNTIME_DIR", empty)],
            &[("XDG_RUNTIME_DIR", ""), ("DBUS_SESSION_BUS_ADDRESS", "")],
            &[("DBUS_SESSION_BUS_ADDRESS", "autolaunch:")],
            &[("DBUS_SESSION_BUS_ADDRESS", "disabled:;")],
        ] {
            let result = session_of(variables);
            assert!(matches!(result, Err(ControlsError::NoBus)), "{variables:?}: {result:?}");
        }
    }

    #[test]
    fn the_variable_goes_before_the_runtime_directory() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("bus"), "").unwrap();
        let runtime = ("XDG_RUNTIME_DIR", directory.path().to_str().unwrap());
        let socket = format!("unix:path={}/bus", runtime.1);
        assert_eq!(session_of(&[runtime]).unwrap(), [socket]);
        let list = "unix:path=/a,guid=0123456789abcdef0123456789abcdef;tcp:host=h,port=1";
        let addresses = session_of(&[("DBUS_SESSION_BUS_ADDRESS", list), runtime]).unwrap();
        assert_eq!(addresses.join(";"), list);
    }

    #[test]
    fn nonsense_is_an_error_that_quotes_it() {
        let error = parse("nonsense").unwrap_err();
        assert!(matches!(error, ControlsError::Connect { .. }));
        assert!(error.to_string().contains("`nonsense`"));
    }
}
