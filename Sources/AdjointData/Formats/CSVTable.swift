import AdjointCore

/// A table of numbers read from a CSV file: comma-separated, with or without a header line, plain
/// or packed with gzip.
///
/// Quotation marks, CRLF, blank lines and a byte order mark are understood. Every cell must be a
/// finite number: text, empty cells and rows of another length are refused with their line.
public struct CSVTable: Sendable {
    /// The file, as the caller named it.
    public let path: String
    /// The names in the header line; "1", "2", ... where the first line holds numbers already.
    public let columns: [String]
    /// False where the first line holds numbers already.
    public let hasHeader: Bool
    /// The numbers, row-major, `columns.count` a row.
    public let values: [Double]
    /// The line of the file, counted from 1, that each row begins on.
    public let lines: [Int]

    /// How many rows there are, the header left out.
    public var rowCount: Int { lines.count }

    /// Reads the file at `path`. Throws a `DataFileError` that names the file, and the line and
    /// column where there is one.
    public init(readingFrom path: String) throws(DataFileError) {
        try self.init(FileBytes.readUnpacked(path), path: path)
    }

    /// Reads a CSV file from memory, packed with gzip or not; `path` is for messages.
    init(packed bytes: [UInt8], path: String) throws(DataFileError) {
        try self.init(FileBytes.unpacked(bytes, path: path), path: path)
    }

    /// Reads a CSV file from memory; `path` is for messages.
    init(_ bytes: [UInt8], path: String) throws(DataFileError) {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw DataFileError(
                path: path, problem: "the text is UTF-16 where UTF-8 was expected",
                advice: "save the file as \"CSV UTF-8\"")
        }
        if bytes.prefix(4096).contains(0) {
            throw DataFileError(
                path: path, problem: "this is no text file",
                advice: "name a CSV file (images and labels in IDX files are read as such)")
        }
        var scanner = CSVScanner(bytes, path: path)
        guard scanner.moveToNextRow() else {
            throw DataFileError(
                path: path, problem: "the file holds no table",
                advice: "write a header line with the names of the columns, then a line an example")
        }
        let start = scanner
        var names: [String] = []
        var allNumbers = true
        var ending = CSVScanner.Ending.cell
        while ending == .cell {
            let cell = try scanner.next()
            ending = cell.ending
            let name = scanner.text(cell)
            names.append(Self.trimmed(name))
            allNumbers = allNumbers && CSVNumber.parse(bytes, cell.range) != nil
        }
        self.path = path
        hasHeader = !allNumbers
        columns = allNumbers ? names.indices.map { "\($0 + 1)" } : names
        if allNumbers { scanner = start }
        (values, lines) = try Self.rows(&scanner, columns: columns)
    }

    /// The position of the column called `name`.
    ///
    /// Throws a `DataFileError` that lists the columns, and the nearest name where one is near.
    public func index(ofColumn name: String) throws(DataFileError) -> Int {
        let matches = columns.indices.filter { columns[$0] == name }
        if matches.count == 1 { return matches[0] }
        guard matches.isEmpty else {
            throw DataFileError(
                path: path,
                problem: "\(matches.count) columns are called \(DataFileError.quoted(name))",
                advice: "give each column a name of its own")
        }
        let shown = columns.prefix(12).joined(separator: ", ")
        let rest = columns.count > 12 ? ", … (\(columns.count) in all)" : ""
        let list =
            hasHeader
            ? "the columns are \(shown)\(rest)"
            : "the first line holds numbers, so the columns are called 1 to \(columns.count)"
        let nearest = nearestName(to: name, among: columns)
        throw DataFileError(
            path: path, problem: "there is no column \(DataFileError.quoted(name))",
            advice: nearest.map { "did you mean \(DataFileError.quoted($0))? \(list)" } ?? list)
    }

    /// The numbers of the column at `index`, a row each.
    ///
    /// - Errors: `.index` where there is no such column.
    public func column(_ index: Int) -> [Double] {
        if !columns.indices.contains(index) {
            Failure.raise(
                TensorError(
                    .index, "there is no column \(index) among the \(columns.count)",
                    operation: "CSVTable"))
            return []
        }
        return stride(from: index, to: values.count, by: columns.count).map { values[$0] }
    }

    private static func rows(
        _ scanner: inout CSVScanner, columns: [String]
    ) throws(DataFileError) -> (values: [Double], lines: [Int]) {
        var values: [Double] = []
        var lines: [Int] = []
        while scanner.moveToNextRow() {
            let line = scanner.line
            var count = 0
            var ending = CSVScanner.Ending.cell
            while ending == .cell {
                let cell = try scanner.next()
                ending = cell.ending
                if count < columns.count {
                    guard let value = CSVNumber.parse(scanner.bytes, cell.range) else {
                        throw refusal(scanner, cell, line: line, column: columns[count])
                    }
                    values.append(value)
                }
                count += 1
            }
            guard count == columns.count else {
                throw DataFileError(
                    path: scanner.path, line: line,
                    problem: "the row has \(count) cells where \(columns.count) were expected",
                    advice: "give every row as many cells as the first line")
            }
            lines.append(line)
        }
        return (values, lines)
    }

    private static func refusal(
        _ scanner: CSVScanner, _ cell: CSVScanner.Cell, line: Int, column: String
    ) -> DataFileError {
        let text = trimmed(scanner.text(cell))
        if columns(in: text, separatedBy: ";") > 1 || columns(in: text, separatedBy: "\t") > 1 {
            return DataFileError(
                path: scanner.path, line: line,
                problem: "the cells are separated by semicolons or tabs where commas were expected",
                advice: "save the file as comma-separated values")
        }
        if text.isEmpty {
            return DataFileError(
                path: scanner.path, line: line, column: column,
                problem: "the cell is empty where a number was expected",
                advice: "fill it in, or remove the row")
        }
        return DataFileError(
            path: scanner.path, line: line, column: column,
            problem: "\(DataFileError.quoted(text)) is no number, and text columns are not read",
            advice: "remove the column, or write numbers in its place")
    }

    private static func columns(in text: String, separatedBy separator: Character) -> Int {
        text.split(separator: separator, omittingEmptySubsequences: false).count
    }

    private static func trimmed(_ text: String) -> String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let tail = text.drop(while: blank)
        guard let last = tail.lastIndex(where: { !blank($0) }) else { return "" }
        return String(tail[...last])
    }
}
