//! A table behaves like a map, and slots are shared and released exactly once.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Insert(i64),
    Remove(i64),
    RetainEven,
}

fn step() -> impl Strategy<Value = Step> {
    let number = prop_oneof![-3i64..8, 1020i64..1030];
    prop_oneof![
        number.clone().prop_map(Step::Insert),
        number.prop_map(Step::Remove),
        Just(Step::RetainEven),
    ]
}

proptest! {
    #[test]
    fn a_table_is_a_map(steps in proptest::collection::vec(step(), 0..40)) {
        let mut store = FdStore::default();
        let mut table = FdTable::default();
        let mut model = BTreeMap::new();
        for step in steps {
            match step {
                Step::Insert(number) => {
                    let id = store.insert();
                    table.insert(number, id, &mut store);
                    model.insert(number, id);
                }
                Step::Remove(number) => {
                    prop_assert_eq!(table.remove(number, &mut store), model.remove(&number).is_some());
                }
                Step::RetainEven => {
                    table.retain(&mut store, |_, number, _| number % 2 == 0);
                    model.retain(|number, _| number % 2 == 0);
                }
            }
            prop_assert_eq!(table.len(), model.len());
            let seen: BTreeMap<_, _> = table.iter().collect();
            prop_assert_eq!(&seen, &model);
        }
        let mut copy = FdTable::default();
        prop_assert_eq!(copy.copy_from(&table, &mut store, usize::MAX), 0);
        prop_assert_eq!(store.references(), 2 * model.len());
        table.clear(&mut store);
        for (number, id) in &model {
            prop_assert_eq!(copy.get(*number), Some(*id));
            prop_assert!(store.get(*id).is_some());
        }
        copy.clear(&mut store);
        prop_assert!(model.values().all(|id| store.get(*id).is_none()));
        prop_assert_eq!(store.references(), 0);
    }
}
