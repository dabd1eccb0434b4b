//! A rule file that cleans its inputs, as the rules of a table.

use crate::bench::{Bench, body, told};

const TABLE: &str = "
table: Cleaned
rules: rules.clay
inputs: [n]
columns: [n, Large, Recent, Demo]
";

#[test]
fn the_inputs_of_a_rule_file_are_cleaned_in_a_table() {
    let bench = Bench::new("cleaned", TABLE, |_, _| body(""));
    bench.folder.write(
        "rules.clay",
        "blank \"N/A\"\n\
         input Revenue: Number = PARSENUMBER(revenue)\n\
         input Seen: Date \"MM/DD/YYYY\" = seen\n\
         input Wants: Boolean = demo\n\
         Large := Revenue >= 1000000\n\
         Recent := IF(ISBLANK(Seen), \"never\", Seen >= \"2026-01-01\")\n\
         Demo := Wants = TRUE\n",
    );
    bench
        .folder
        .write("rows.csv", "n,revenue,seen,demo\n1,$2M,01/15/2026,yes\n2,n/a,N/A,No\n3,about 2M,N/A,No\n");
    let output = bench.clayf(&["run", "table.yaml", "rows.csv", "-o", "out.csv"]);
    assert!(output.status.success(), "{}", told(&output));
    let wanted = "n,revenue,seen,demo,Large,Recent,Demo\n\
                  1,$2M,01/15/2026,yes,true,true,true\n\
                  2,n/a,N/A,No,false,never,false\n\
                  3,about 2M,N/A,No,false,never,false\n";
    assert_eq!(bench.folder.read("out.csv"), wanted);
}
