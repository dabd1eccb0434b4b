//! Functions of other languages, and what to write in their place.

/// A language whose functions people try in formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Excel and Google Sheets
    Spreadsheets,
    /// Airtable and Notion
    Airtable,
    /// `HubSpot` and the templates of e-mail tools
    HubSpot,
    /// Salesforce
    Salesforce,
    /// SQL and dbt
    Sql,
    /// JavaScript and TypeScript
    JavaScript,
    /// Python and pandas
    Python,
    /// Power Fx and DAX
    PowerPlatform,
    /// Names that are near a function of the market
    Market,
}

/// A function, or a method with its point, and its counterparts.
#[derive(Clone, Copy, Debug)]
pub struct Habit {
    /// Its names, in any letter case.
    pub names: &'static [&'static str],
    /// What to write, by the number of arguments: `_1` is the first, `_0` the value of a method, `_all` are all of them,
    /// `_rest` all but the first.
    pub instead: &'static [&'static str],
    /// Advice where nothing can be written in its place; `_1` is the first argument.
    pub advice: &'static str,
}

const fn write(names: &'static [&'static str], instead: &'static [&'static str]) -> Habit {
    Habit { names, instead, advice: "" }
}

const fn know(names: &'static [&'static str], advice: &'static str) -> Habit {
    Habit { names, instead: &[], advice }
}

pub(super) const ONE_ROW: &str = "a formula sees one row at a time; to count or add up over all rows, use the totals of `clayf \
                       eval --summary`, and to combine conditions on this row, write `AND(Score > 50, Employees > 100)` or POINTS";
const LOOK_UP: &str = "look it up in a file: on a line before, write `data Points = \"points.csv\" key country`, and here \
     `Points[_1].points`; or list the cases: `SWITCH(_1, \"US\", 10, \"DE\", 5, 0)`";
const CAST: &str =
    "read a value as another type with VALUE, TOTEXT, TOBOOLEAN or DATEVALUE, such as `VALUE(Score)`";
const CONVERT: &str = "to read a value as another type, write `VALUE(Score)` or `TOTEXT(Score)`; to convert units, multiply, as in `Miles * 1.609344`";
const NO_CHANCE: &str = "results must be reproducible, so there are no random numbers";
const TEMPLATES: &str =
    "a formula is not a template; columns are read by their names, such as `Company Name`";
const NO_FUNCTIONS: &str = "define a function on a line before, as in `DOUBLED(x) := x * 2`; name a value with LET, as in `LET(x, Score, x + 1)`; \
     or go through a list with MAP";

/// Functions that search a table.
const SEARCHES: &[&str] = &["VLOOKUP", "XLOOKUP", "HLOOKUP", "LOOKUP", "INDEX", "MATCH", "XMATCH"];

/// Whether a function of a spreadsheet searches a table.
pub(super) fn searches(name: &str) -> bool {
    SEARCHES.iter().any(|search| search.eq_ignore_ascii_case(name))
}

/// All of them, by language.
pub const HABITS: &[(Language, &[Habit])] = &[
    (
        Language::Spreadsheets,
        &[
            know(SEARCHES, LOOK_UP),
            know(
                &[
                    "SUMIFS",
                    "COUNTIFS",
                    "AVERAGEIFS",
                    "MAXIFS",
                    "MINIFS",
                    "DSUM",
                    "DCOUNT",
                    "QUERY",
                    "SUBTOTAL",
                ],
                ONE_ROW,
            ),
            know(&["LAMBDA", "SCAN", "BYROW"], NO_FUNCTIONS),
            know(&["RAND", "RANDBETWEEN", "RANDARRAY"], NO_CHANCE),
            know(
                &["INDIRECT", "OFFSET", "ROW", "COLUMN", "ADDRESS"],
                "there are no cells; columns are read by their names",
            ),
            know(
                &["IMPORTRANGE", "IMPORTXML", "WEBSERVICE", "GOOGLEFINANCE"],
                "a formula only reads its row; fetch other data in a step of a table",
            ),
            write(&["ARRAYFORMULA"], &["_1"]),
            write(&["IFBLANK"], &["COALESCE(_1, _2)"]),
            write(&["ISBETWEEN"], &["BETWEEN(_1, _2, _3)"]),
            write(&["LENB"], &["LEN(_1)"]),
            write(&["CONCATENATE"], &["CONCAT(_all)"]),
            write(&["AVG", "MEAN"], &["AVERAGE(_all)"]),
            write(&["COUNTUNIQUE"], &["COUNTA(UNIQUE(_1))"]),
            write(&["REGEXTEST"], &["REGEXMATCH(_1, _2)"]),
            write(&["CEILING.PRECISE", "ISO.CEILING"], &["CEILING(_1, 1)"]),
            write(&["TO_TEXT", "TEXTVALUE"], &["TOTEXT(_1)"]),
            write(&["TO_PURE_NUMBER"], &["VALUE(_1)"]),
            write(&["LEFTB"], &["LEFT(_1, _2)"]),
            write(&["MIDB"], &["MID(_1, _2, _3)"]),
            write(&["FINDB"], &["FIND(_1, _2)"]),
            write(&["WEEKNUM.ISO"], &["ISOWEEKNUM(_1)"]),
        ],
    ),
    (
        Language::Airtable,
        &[
            write(&["IS_AFTER", "DATEAFTER"], &["_1 > _2"]),
            write(&["IS_BEFORE", "DATEBEFORE"], &["_1 < _2"]),
            write(&["IS_SAME"], &["DAYS(_1, _2) = 0"]),
            write(&["DATETIME_DIFF", "DATEBETWEEN"], &["DAYS(_1, _2)", "DATEDIF(_2, _1, _3)"]),
            write(&["DATEADDDAYS"], &["_1 + _2"]),
            write(&["TONOW", "FROMNOW"], &["DAYSSINCE(_1)"]),
            write(&["ARRAYUNIQUE"], &["UNIQUE(_1)"]),
            write(&["ARRAYCOMPACT"], &["COMPACT(_1)"]),
            write(&["ARRAYJOIN"], &["JOIN(_1, \", \")", "JOIN(_1, _2)"]),
            write(&["ARRAYFLATTEN"], &["FLATTEN(_1)"]),
            write(&["COUNTALL"], &["COUNTA(_all)"]),
            write(&["REGEX_MATCH"], &["REGEXMATCH(_1, _2)"]),
            write(&["REGEX_EXTRACT"], &["REGEXEXTRACT(_1, _2)"]),
            write(&["REGEX_REPLACE"], &["REGEXREPLACE(_1, _2, _3)"]),
            write(&["ENCODE_URL_COMPONENT"], &["ENCODEURL(_1)"]),
            know(
                &["CREATED_TIME", "LAST_MODIFIED_TIME", "RECORD_ID", "AUTONUMBER", "ID"],
                "a formula reads nothing but the columns of the row; read a column that contains it, such as `Created At`",
            ),
            write(&["prop"], &["_1"]),
            write(&["toNumber"], &["VALUE(_1)"]),
            write(&["format"], &["TOTEXT(_1)"]),
            write(&["dateBetween"], &["DATEDIF(_2, _1, _3)"]),
            write(&["formatDate"], &["DATETIME_FORMAT(_1, _2)"]),
            write(&["empty"], &["ISEMPTY(_1)"]),
            write(&["test"], &["REGEXMATCH(_1, _2)"]),
            write(&["replaceAll"], &["SUBSTITUTE(_1, _2, _3)"]),
            write(&[".length"], &["LEN(_0)"]),
            write(&[".empty", ".isEmpty", ".is_empty"], &["ISEMPTY(_0)"]),
        ],
    ),
    (
        Language::HubSpot,
        &[
            write(
                &["is_known", "isKnown", "is_not_null", "is_not_empty", "is_not_blank"],
                &["ISNOTEMPTY(_1)"],
            ),
            write(&["is_unknown", "isUnknown", "is_null", "is_empty", "is_blank"], &["ISEMPTY(_1)"]),
            write(&["time_between"], &["DAYS(_2, _1)", "DATEDIF(_1, _2, _3)"]),
            write(&["add_time"], &["DATEADD(_1, _2, _3)"]),
            write(&["subtract_time"], &["DATEADD(_1, -_2, _3)"]),
            write(&["number_to_string", "date_to_string"], &["TOTEXT(_1)", "TEXT(_1, _2)"]),
            write(&["string_to_number"], &["VALUE(_1)"]),
            write(&["begins_with"], &["STARTSWITH(_1, _2)"]),
            write(&["round_nearest"], &["ROUND(_1, _2)"]),
            write(&[".upcase", ".upper", ".uppercase"], &["UPPER(_0)"]),
            write(&[".downcase", ".lower", ".lowercase"], &["LOWER(_0)"]),
            write(&[".capitalize", ".titleize", ".title"], &["PROPER(_0)"]),
            write(&[".default", ".fallback"], &["COALESCE(_0, _1)"]),
            write(&[".size"], &["LEN(_0)"]),
            write(&[".strip", ".trim"], &["TRIM(_0)"]),
            write(&[".first"], &["FIRST(_0)"]),
            write(&[".last"], &["LAST(_0)"]),
            write(&[".uniq", ".unique"], &["UNIQUE(_0)"]),
            write(&[".truncate"], &["IF(LEN(_0) > _1, LEFT(_0, _1 - 3) & \"...\", _0)"]),
            write(&[".remove"], &["SUBSTITUTE(_0, _1, \"\")"]),
            write(&[".modulo"], &["MOD(_0, _1)"]),
            write(&[".at_least"], &["MAX(_0, _1)"]),
            write(&[".at_most"], &["MIN(_0, _1)"]),
            write(&[".abs"], &["ABS(_0)"]),
            write(&[".ceil"], &["CEILING(_0, 1)"]),
            write(&[".floor"], &["INT(_0)"]),
            write(&[".round"], &["ROUND(_0, 0)", "ROUND(_0, _1)"]),
            write(&[".plus"], &["_0 + _1"]),
            write(&[".minus"], &["_0 - _1"]),
            write(&[".times"], &["_0 * _1"]),
            write(&[".divided_by"], &["INT(_0 / _1)"]),
            write(&[".append"], &["_0 & _1"]),
            write(&[".prepend"], &["_1 & _0"]),
            write(&[".date"], &["DATETIME_FORMAT(_0, _1)"]),
        ],
    ),
    (
        Language::Salesforce,
        &[
            write(&["ISPICKVAL"], &["_1 = _2"]),
            write(&["BLANKVALUE", "NULLVALUE"], &["COALESCE(_1, _2)"]),
            write(&["CASE"], &["SWITCH(_all)"]),
            write(&["BEGINS"], &["STARTSWITH(_1, _2)"]),
            write(&["REGEX"], &["REGEXMATCH(_1, \"^(?:_2)$\")"]),
            write(&["ADDMONTHS"], &["EDATE(_1, _2)"]),
            write(&["DATETIMEVALUE"], &["_1"]),
            write(&["CASESAFEID"], &["_1"]),
            write(&["HYPERLINK"], &["_2"]),
            write(&["BR"], &["CHAR(10)"]),
            write(&["MCEILING"], &["CEILING(_1, 1)"]),
            write(&["MFLOOR"], &["FLOOR(_1, 1)"]),
            know(
                &["PRIORVALUE", "ISCHANGED", "ISNEW"],
                "a formula sees one row as it is now; to compare two versions of a rule, use `clayf diff`",
            ),
        ],
    ),
    (
        Language::Sql,
        &[
            write(&["ISNULL"], &["ISEMPTY(_1)", "COALESCE(_1, _2)"]),
            write(&["IFNULL", "NVL"], &["COALESCE(_all)"]),
            write(&["NVL2"], &["IF(ISNOTEMPTY(_1), _2, _3)"]),
            write(&["NULLIF"], &["IF(_1 = _2, \"\", _1)"]),
            write(&["ZEROIFNULL"], &["COALESCE(_1, 0)"]),
            write(&["IIF"], &["IF(_1, _2, _3)"]),
            write(&["DECODE"], &["SWITCH(_all)"]),
            write(&["GREATEST"], &["MAX(_all)"]),
            write(&["LEAST"], &["MIN(_all)"]),
            write(&["LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH"], &["LEN(_1)"]),
            write(&["SUBSTR", "SUBSTRING"], &["MID(_1, _2, LEN(_1))", "MID(_1, _2, _3)"]),
            write(&["CHARINDEX", "LOCATE"], &["IFERROR(FIND(_1, _2), 0)"]),
            write(&["INSTR", "STRPOS"], &["IFERROR(FIND(_2, _1), 0)"]),
            write(&["SPLIT_PART"], &["SPLIT(_1, _2)[_3 - 1]"]),
            write(&["REGEXP_CONTAINS", "REGEXP_LIKE", "REGEXP_MATCHES"], &["REGEXMATCH(_1, _2)"]),
            write(&["REGEXP_EXTRACT", "REGEXP_SUBSTR"], &["REGEXEXTRACT(_1, _2)"]),
            write(&["REGEXP_REPLACE"], &["REGEXREPLACE(_1, _2, _3)"]),
            write(&["STRING_AGG", "GROUP_CONCAT", "LISTAGG"], &["JOIN(_1, \", \")", "JOIN(_1, _2)"]),
            write(&["STRING_SPLIT", "STRING_TO_ARRAY", "STRTOK_TO_ARRAY"], &["SPLIT(_1, _2)"]),
            write(&["SAFE_DIVIDE", "DIV0", "TRY_DIVIDE"], &["SAFEDIV(_1, _2)"]),
            write(&["TO_NUMBER", "TRY_TO_NUMBER"], &["VALUE(_1)"]),
            know(&["CAST", "SAFE_CAST", "TRY_CAST"], CAST),
            know(&["CONVERT", "TRY_CONVERT"], CONVERT),
            write(&["TO_CHAR", "TO_VARCHAR"], &["TOTEXT(_1)", "TEXT(_1, _2)"]),
            write(&["TO_DATE", "STR_TO_DATE", "PARSE_DATE"], &["_1", "DATETIME_PARSE(_1, _2)"]),
            write(&["DATE_SUB"], &["DATEADD(_1, -_2, _3)"]),
            write(&["DATE_ADD"], &["_1 + _2", "DATEADD(_1, _2, _3)"]),
            write(&["DATEDIFF"], &["DAYS(_1, _2)", "DATEDIF(_1, _2, _3)"]),
            write(&["DATE_DIFF", "TIMESTAMP_DIFF"], &["DAYS(_1, _2)", "DATEDIF(_2, _1, _3)"]),
            write(&["MONTHS_BETWEEN"], &["DATEDIF(_2, _1, \"months\")"]),
            write(&["ARRAY_SIZE", "ARRAY_LENGTH", "CARDINALITY"], &["COUNTA(_1)"]),
            write(&["ARRAY_CONTAINS"], &["INCLUDES(_1, _2)"]),
            write(&["ARRAY_TO_STRING"], &["JOIN(_1, _2)"]),
            write(&["ARRAY_AGG", "COLLECT_LIST"], &["_1"]),
            write(&["LTRIM"], &["REGEXREPLACE(_1, \"^\\s+\", \"\")"]),
            write(&["RTRIM"], &["REGEXREPLACE(_1, \"\\s+$\", \"\")"]),
            write(&["BTRIM"], &["TRIM(_1)"]),
            write(&["LPAD"], &["REPT(_3, MAX(0, _2 - LEN(_1))) & _1"]),
            write(&["RPAD"], &["_1 & REPT(_3, MAX(0, _2 - LEN(_1)))"]),
            write(&["INITCAP"], &["PROPER(_1)"]),
            write(&["LCASE", "LOWERCASE"], &["LOWER(_1)"]),
            write(&["UCASE", "UPPERCASE"], &["UPPER(_1)"]),
            write(&["CEIL"], &["CEILING(_1, 1)", "CEILING(_1, _2)"]),
            write(&["POW"], &["POWER(_1, _2)"]),
            write(&["BOOL_AND"], &["AND(_all)"]),
            write(&["BOOL_OR"], &["OR(_all)"]),
            write(&["CURRENT_DATE", "CURDATE"], &["TODAY()"]),
            write(&["CURRENT_TIMESTAMP", "GETDATE", "SYSDATE", "SYSDATETIME", "GETUTCDATE"], &["NOW()"]),
            know(&["ROW_NUMBER", "LAG", "LEAD", "NTILE", "DENSE_RANK", "OVER"], ONE_ROW),
            know(&["ref", "source", "config", "var"], TEMPLATES),
        ],
    ),
    (
        Language::JavaScript,
        &[
            write(&["parseInt"], &["TRUNC(VALUE(_1))"]),
            write(&["parseFloat", "Number", "Number.parseFloat"], &["VALUE(_1)"]),
            write(&["Number.parseInt"], &["TRUNC(VALUE(_1))"]),
            write(&["String"], &["TOTEXT(_1)"]),
            write(&["Boolean"], &["TOBOOLEAN(_1)"]),
            write(&["isNaN", "Number.isNaN"], &["NOT ISNUMBER(_1)"]),
            write(&["isFinite", "Number.isFinite"], &["ISNUMBER(_1)"]),
            write(&["Number.isInteger"], &["INT(_1) = _1"]),
            write(&["Math.max"], &["MAX(_all)"]),
            write(&["Math.min"], &["MIN(_all)"]),
            write(&["Math.round"], &["ROUND(_1, 0)"]),
            write(&["Math.floor"], &["INT(_1)"]),
            write(&["Math.trunc"], &["TRUNC(_1)"]),
            write(&["Math.ceil", "math.ceil"], &["CEILING(_1, 1)"]),
            write(&["math.floor"], &["INT(_1)"]),
            write(&["Math.abs"], &["ABS(_1)"]),
            write(&["Math.pow"], &["_1 ^ _2"]),
            write(&["Math.sqrt"], &["SQRT(_1)"]),
            write(&["Math.log"], &["LN(_1)"]),
            know(&["Math.random", "random.random"], NO_CHANCE),
            write(&["Date"], &["NOW()", "_1"]),
            write(&["Date.now"], &["NOW()"]),
            write(&["Date.parse"], &["_1"]),
            write(&["moment", "dayjs"], &["NOW()", "_1"]),
            know(&["Array.isArray"], "declare a column that is a list: `input _1: List`"),
            write(&["Set"], &["UNIQUE(_1)"]),
            write(&["_.get"], &["GET(_1, _2)", "COALESCE(GET(_1, _2), _3)"]),
            write(&["_.isEmpty", "_.isNil"], &["ISEMPTY(_1)"]),
            write(&["_.size"], &["COUNTA(_1)"]),
            write(&["_.toLower"], &["LOWER(_1)"]),
            write(&["_.toUpper"], &["UPPER(_1)"]),
            write(&["_.trim"], &["TRIM(_1)"]),
            write(&["_.uniq"], &["UNIQUE(_1)"]),
            write(&["JSON.parse"], &["PARSEJSON(_1)"]),
            write(&["JSON.stringify"], &["TOJSON(_1)"]),
            write(&["Object.keys"], &["KEYS(_1)"]),
            write(&["Object.values"], &["VALUES(_1)"]),
            write(&["encodeURIComponent"], &["ENCODEURL(_1)"]),
            write(&[".includes", ".contains", ".has"], &["CONTAINS(_0, _1)"]),
            write(&[".startsWith", ".startswith"], &["STARTSWITH(_0, _1)"]),
            write(&[".endsWith", ".endswith"], &["ENDSWITH(_0, _1)"]),
            write(&[".match", ".test"], &["REGEXMATCH(_0, _1)"]),
            write(&[".toLowerCase", ".toLocaleLowerCase", ".casefold"], &["LOWER(_0)"]),
            write(&[".toUpperCase", ".toLocaleUpperCase"], &["UPPER(_0)"]),
            write(&[".trim"], &["TRIM(_0)"]),
            write(&[".trimStart", ".lstrip"], &["REGEXREPLACE(_0, \"^\\s+\", \"\")"]),
            write(&[".trimEnd", ".rstrip"], &["REGEXREPLACE(_0, \"\\s+$\", \"\")"]),
            write(&[".split"], &["SPLIT(_0, \" \")", "SPLIT(_0, _1)"]),
            write(&[".replace", ".replaceAll"], &["SUBSTITUTE(_0, _1, _2)"]),
            write(&[".concat"], &["_0 & _1"]),
            write(&[".charAt"], &["MID(_0, _1 + 1, 1)"]),
            write(&[".repeat"], &["REPT(_0, _1)"]),
            write(&[".substring", ".slice"], &["MID(_0, _1 + 1, LEN(_0))", "MID(_0, _1 + 1, _2 - _1)"]),
            write(&[".substr"], &["MID(_0, _1 + 1, LEN(_0))", "MID(_0, _1 + 1, _2)"]),
            write(&[".join"], &["JOIN(_0, \",\")", "JOIN(_0, _1)"]),
            write(&[".toString"], &["TOTEXT(_0)"]),
            write(&[".toFixed"], &["FIXED(_0, 0, TRUE)", "FIXED(_0, _1, TRUE)"]),
            write(&[".some"], &["ANY(_0, _1)"]),
            write(&[".every"], &["ALL(_0, _1)"]),
            write(&[".filter"], &["FILTER(_0, _1)"]),
            write(&[".map"], &["MAP(_0, _1)"]),
            write(&[".find"], &["FIRST(FILTER(_0, _1))"]),
            write(&[".at"], &["_0[_1]"]),
            write(&[".sort"], &["SORT(_0)"]),
            write(&[".pop"], &["LAST(_0)"]),
            write(&[".shift"], &["FIRST(_0)"]),
            write(&[".flat"], &["FLATTEN(_0)"]),
            write(&[".getFullYear", ".getUTCFullYear"], &["YEAR(_0)"]),
            write(&[".getMonth", ".getUTCMonth"], &["MONTH(_0) - 1"]),
            write(&[".getDate", ".getUTCDate"], &["DAY(_0)"]),
            write(&[".getHours"], &["HOUR(_0)"]),
            write(&[".diff"], &["DAYS(_0, _1)", "DATEDIF(_1, _0, _2)"]),
            write(&[".isAfter"], &["_0 > _1"]),
            write(&[".isBefore"], &["_0 < _1"]),
            write(&[".format"], &["DATETIME_FORMAT(_0, _1)"]),
        ],
    ),
    (
        Language::Python,
        &[
            write(&["len", "STRLEN"], &["LEN(_1)"]),
            write(&["int"], &["TRUNC(VALUE(_1))"]),
            write(&["float"], &["VALUE(_1)"]),
            write(&["str"], &["TOTEXT(_1)"]),
            write(&["bool"], &["TOBOOLEAN(_1)"]),
            write(&["round"], &["ROUND(_1, 0)", "ROUND(_1, _2)"]),
            write(&["np.where", "numpy.where"], &["IF(_1, _2, _3)"]),
            write(&["np.maximum"], &["MAX(_1, _2)"]),
            write(&["np.minimum"], &["MIN(_1, _2)"]),
            write(&["np.log"], &["LN(_1)"]),
            write(&["np.isnan"], &["NOT ISNUMBER(_1)"]),
            write(&["pd.isna", "pd.isnull"], &["ISEMPTY(_1)"]),
            write(&["pd.notna", "pd.notnull"], &["ISNOTEMPTY(_1)"]),
            write(&["pd.to_numeric"], &["VALUE(_1)"]),
            write(&["pd.to_datetime"], &["_1"]),
            write(&["re.search"], &["REGEXMATCH(_2, _1)"]),
            write(&["re.match"], &["REGEXMATCH(_2, \"^(?:_1)\")"]),
            write(&["re.fullmatch"], &["REGEXMATCH(_2, \"^(?:_1)$\")"]),
            write(&["re.sub"], &["REGEXREPLACE(_3, _1, _2)"]),
            write(&["datetime.now", "datetime.utcnow"], &["NOW()"]),
            write(&["date.today", "datetime.today"], &["TODAY()"]),
            write(&["any"], &["OR(_all)"]),
            write(&["all"], &["AND(_all)"]),
            write(&[".isna", ".isnull"], &["ISEMPTY(_0)"]),
            write(&[".notna", ".notnull"], &["ISNOTEMPTY(_0)"]),
            write(&[".fillna"], &["COALESCE(_0, _1)"]),
            write(&[".clip"], &["CLAMP(_0, _1, _2)"]),
            write(&[".between"], &["BETWEEN(_0, _1, _2)"]),
            write(&[".get"], &["GET(_0, _1)", "COALESCE(GET(_0, _1), _2)"]),
            write(&[".isdigit", ".isnumeric"], &["REGEXMATCH(_0, \"^[0-9]+$\")"]),
            write(&[".astype"], &["_0"]),
            write(&[".year"], &["YEAR(_0)"]),
            write(&[".month"], &["MONTH(_0)"]),
            write(&[".day"], &["DAY(_0)"]),
            write(&[".hour"], &["HOUR(_0)"]),
            write(&[".minute"], &["MINUTE(_0)"]),
            write(&[".second"], &["SECOND(_0)"]),
            write(&[".weekday"], &["WEEKDAY(_0, 3)"]),
            write(&[".keys"], &["KEYS(_0)"]),
            write(&[".values"], &["VALUES(_0)"]),
        ],
    ),
    (
        Language::PowerPlatform,
        &[
            write(&["DateDiff"], &["DAYS(_2, _1)", "DATEDIF(_1, _2, _3)"]),
            write(&["DIVIDE"], &["SAFEDIV(_1, _2)", "COALESCE(SAFEDIV(_1, _2), _3)"]),
            write(&["CONTAINSSTRING"], &["ICONTAINS(_1, _2)"]),
            write(&["SELECTEDVALUE", "EARLIER", "FIRSTNONBLANK"], &["_1"]),
            write(&["DISTINCTCOUNT", "CountRows"], &["COUNTA(UNIQUE(_1))"]),
            write(&["IsBlank"], &["ISEMPTY(_1)"]),
            write(&["IsBlankOrError"], &["ISERROR(_1) OR ISEMPTY(_1)"]),
            know(&["CALCULATE", "SUMX", "COUNTX", "AVERAGEX", "ALLSELECTED", "RELATED", "LookUp"], ONE_ROW),
        ],
    ),
    (
        Language::Market,
        &[
            write(&["TITLECASE", "PROPERCASE", "CAPITALIZE"], &["PROPER(_1)"]),
            write(&["SIZE", "LISTLENGTH", "ARRAYLENGTH"], &["COUNTA(_1)"]),
            write(&["MATCHES"], &["REGEXMATCH(_1, _2)"]),
            write(&["ISIN", "ONEOF", "ISANYOF", "ANYOF"], &["IN(_all)"]),
            write(
                &[
                    "ISNOTBLANK",
                    "ISPRESENT",
                    "ISNOTNULL",
                    "NOTEMPTY",
                    "NOTBLANK",
                    "HASVALUE",
                    "EXISTS",
                    "ISSET",
                    "ISKNOWN",
                    "ISFILLED",
                ],
                &["ISNOTEMPTY(_1)"],
            ),
            write(&["ISMISSING", "ISUNKNOWN", "ISNOTSET", "ISNONE"], &["ISEMPTY(_1)"]),
            write(
                &["DEFAULT", "FALLBACK", "FIRSTNONEMPTY", "FIRSTNOTNULL", "FIRSTVALUE", "IFEMPTY", "ORELSE"],
                &["COALESCE(_all)"],
            ),
            write(&["TONUMBER", "NUMBER", "ASNUMBER", "TOINT", "TOFLOAT"], &["VALUE(_1)"]),
            write(&["TOSTRING", "ASTEXT"], &["TOTEXT(_1)"]),
            write(&["DOMAIN", "GETDOMAIN", "EXTRACTDOMAIN"], &["ROOTDOMAIN(_1)"]),
            write(&["DOMAINFROMEMAIL", "EMAILTODOMAIN", "MAILDOMAIN"], &["EMAILDOMAIN(_1)"]),
            write(&["ISPERSONALEMAIL", "ISFREEMAILADDRESS", "ISPRIVATEEMAIL", "ISFREE"], &["ISFREEMAIL(_1)"]),
            write(
                &["ISBUSINESSEMAIL", "ISCORPORATEEMAIL", "ISCOMPANYEMAIL"],
                &["ISEMAIL(_1) AND NOT ISFREEMAIL(_1)"],
            ),
            write(&["ISVALIDEMAIL", "VALIDEMAIL", "VALIDATEEMAIL"], &["ISEMAIL(_1)"]),
            write(
                &["CLEANCOMPANYNAME", "NORMALIZECOMPANY", "COMPANYCLEAN", "CLEANCOMPANY"],
                &["COMPANYNAME(_1)"],
            ),
            write(
                &["JOBLEVEL", "TITLELEVEL", "MANAGEMENTLEVEL", "SENIORITYLEVEL", "JOBSENIORITY"],
                &["SENIORITY(_1)"],
            ),
            write(&["JOBFUNCTION", "JOBDEPARTMENT", "TEAM"], &["DEPARTMENT(_1)"]),
            write(&["DAYSBETWEEN", "DAYSDIFF", "DIFFDAYS"], &["DAYS(_2, _1)"]),
            write(&["DAYSAGO", "AGEINDAYS", "DAYSFROMNOW"], &["DAYSSINCE(_1)"]),
            write(&["FORMATPHONE", "NORMALIZEPHONE", "CLEANPHONE", "PHONE"], &["PHONEE164(_1)"]),
            write(&["ISVALIDPHONE", "VALIDPHONE"], &["ISPHONE(_1)"]),
            write(&["FIRSTWORD"], &["SPLIT(_1, \" \")[0]"]),
            write(&["LASTWORD"], &["LAST(SPLIT(_1, \" \"))"]),
            write(&["FORMATDATE", "DATEFORMAT", "DATE_FORMAT", "STRFTIME"], &["DATETIME_FORMAT(_1, _2)"]),
            write(&["PARSEDATE", "DATEPARSE"], &["_1", "DATETIME_PARSE(_1, _2)"]),
            write(&["ISVALIDDATE", "VALIDDATE"], &["ISDATE(_1)"]),
            write(&["ISVALIDNUMBER", "ISNUMERIC"], &["ISNUMBER(_1)"]),
            write(&["CAP", "ATMOST"], &["MIN(_1, _2)"]),
            write(&["ATLEAST"], &["MAX(_1, _2)"]),
            write(&["LIMIT", "BOUND", "CONSTRAIN"], &["CLAMP(_1, _2, _3)"]),
            write(&["NORMALIZEURL", "CLEANURL", "CLEANDOMAIN", "NORMALIZEDOMAIN"], &["NORMDOMAIN(_1)"]),
            write(&["COUNTRY", "NORMALIZECOUNTRY", "ISOCOUNTRY"], &["COUNTRYCODE(_1)"]),
            write(&["EMPLOYEEBAND", "SIZEBAND", "COMPANYSIZE"], &["HEADCOUNTBAND(_1)"]),
            write(&["ISTRUE"], &["_1 = TRUE"]),
            write(&["ISFALSE"], &["_1 = FALSE"]),
            write(&["EQUALS", "ISEQUAL", "EQ"], &["_1 = _2"]),
            write(&["GREATERTHAN", "GT"], &["_1 > _2"]),
            write(&["LESSTHAN", "LT"], &["_1 < _2"]),
            write(&["ADD"], &["_1 + _2"]),
            write(&["SUBTRACT"], &["_1 - _2"]),
            write(&["MULTIPLY"], &["_1 * _2"]),
            write(&["INCLUDESANY", "CONTAINSANY", "HASANY"], &["CONTAINS(_all)"]),
        ],
    ),
];

/// Whether methods of this object are functions, as those of `Math` are.
pub(super) fn is_namespace(object: &str) -> bool {
    let names = HABITS.iter().flat_map(|(_, habits)| *habits).flat_map(|habit| habit.names);
    let mut objects = names.filter_map(|name| name.split_once('.'));
    objects.any(|(known, _)| known == object)
}

/// Whether templates have a filter of exactly this name.
pub(super) fn is_filter(name: &str) -> bool {
    let filters = HABITS.iter().filter(|(language, _)| *language == Language::HubSpot);
    let names = || filters.flat_map(|(_, habits)| *habits).flat_map(|habit| habit.names);
    names().any(|one| one.strip_prefix('.') == Some(name))
}

/// The habit of this name; a method has a point before its name. Exact spellings go before others.
pub(super) fn find(name: &str) -> Option<&'static Habit> {
    let all = || HABITS.iter().flat_map(|(_, habits)| *habits);
    let exact = all().find(|habit| habit.names.contains(&name));
    exact.or_else(|| all().find(|habit| habit.names.iter().any(|one| one.eq_ignore_ascii_case(name))))
}
