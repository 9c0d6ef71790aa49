//! Servers in containers, where a Docker engine answers.

use deepref_schema::server::{Options, Server};
use postgres::{Client, NoTls};
use testcontainers::core::{IntoContainerPort, WaitFor};
use testcontainers::runners::SyncRunner;
use testcontainers::{GenericImage, ImageExt};
use tests::{catalog, container};

/// The first start's private server says the same on standard output.
const READY: &str = "database system is ready to accept connections";

#[test]
fn a_container_of_testcontainers_is_a_server_like_any_other() {
    let Some((name, tag)) = container::image() else { return };
    let image = GenericImage::new(name, tag)
        .with_exposed_port(5432.tcp())
        .with_wait_for(WaitFor::message_on_stderr(READY))
        .with_env_var("POSTGRES_PASSWORD", "secret");
    let started = image.start().unwrap();
    let (host, port) = (started.get_host().unwrap(), started.get_host_port_ipv4(5432).unwrap());
    let url = format!("postgresql://postgres:secret@{host}:{port}/postgres");
    let mut client = Client::connect(&url, NoTls).unwrap();
    let before = catalog::snapshot(&mut client);
    client.batch_execute("CREATE EXTENSION \"uuid-ossp\"; CREATE TABLE users (id uuid DEFAULT uuid_generate_v4())").unwrap();
    assert!(
        catalog::difference(&before, &catalog::snapshot(&mut client))
            .contains("+column\tpublic.users.id\tuuid")
    );
}

#[test]
fn the_embedded_server_keeps_its_data_in_a_volume() {
    let Some((name, tag)) = container::image() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut options = Options::in_folder(folder.path());
    options.image = Some(format!("{name}:{tag}"));

    let first = Server::start(&options).unwrap();
    assert!(first.major() >= 14);
    assert!(first.create_database("app").unwrap());
    let second = Server::start(&options).unwrap();
    assert_eq!(second.port(), first.port());
    drop(first);
    let mut client = Client::connect(&second.url("app"), NoTls).unwrap();
    client.batch_execute("CREATE TABLE kept (id int)").unwrap();
    let url = second.url("app");
    drop((client, second));
    assert!(Client::connect(&url, NoTls).is_err(), "the last user stops the container");

    let again = Server::start(&options).unwrap();
    Client::connect(&again.url("app"), NoTls)
        .unwrap()
        .batch_execute("SELECT id FROM kept")
        .unwrap();
    let volume = again.container_name().unwrap().to_owned();
    drop(again);
    let removed =
        std::process::Command::new("docker").args(["volume", "rm", &volume]).output().unwrap();
    assert!(removed.status.success());
}
