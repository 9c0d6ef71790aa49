use deepref_schema::Entity;

deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table members { team: bigint, person: bigint, primary key (team, person) }
        }
    }
}

#[derive(Entity)]
#[entity(table = members, primary key (person, team), deny(drift))]
pub struct Member {
    pub team: i64,
    pub person: i64,
}

fn main() {}
