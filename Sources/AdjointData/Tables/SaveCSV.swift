public import AdjointCore

/// Writes the rows of a tensor as a CSV file: [rows, columns], or [rows] for a single column. Each
/// number is written as short as it comes back. What was at `path` is replaced as a whole, or stays
/// as it was.
///
/// - Parameters:
///   - t: The table, [rows, columns] or [rows].
///   - path: The file.
///   - columns: The names of the columns, for a header line; without them there is none.
/// - Throws: `DataFileError` where the file cannot be written, for other shapes, and for NaN and
///   infinity, which tables have no spelling for.
/// - Errors: `.argument` for another number of names than columns, `.device` for a tensor without
///   data.
public func saveCSV(_ t: Tensor, to path: String, columns: [String]? = nil) throws {
    let table = t.ndim == 1 ? t.unsqueeze(1) : t
    guard table.ndim == 2, table.shape[1] > 0 else {
        throw DataFileError(
            path: path,
            problem: "a table has rows and columns, and this tensor the shape \(t.shape)",
            advice: "reshape it to [rows, columns] first")
    }
    let width = table.shape[1]
    if let columns, columns.count != width {
        Failure.raise(
            TensorError(
                .argument, "\(columns.count) names were given for \(width) columns",
                operation: "saveCSV"))
        return
    }
    let cells = try cells(of: table, path: path)
    if Failure.isActive { return }
    try FileWriter.write(to: path) { sink throws(DataFileError) in
        if let columns {
            sink.put(Array((columns.map(csvQuoted).joined(separator: ",") + "\n").utf8))
        }
        for row in stride(from: 0, to: cells.count, by: width) {
            let line = cells[row..<(row + width)].joined(separator: ",") + "\n"
            sink.put(Array(line.utf8))
        }
    }
}

/// The elements of `table` as texts, row-major.
private func cells(of table: Tensor, path: String) throws(DataFileError) -> [String] {
    guard table.dtype.isFloatingPoint else {
        let numbers = table.array(as: Int.self)
        return Failure.isActive ? [] : numbers.map { "\($0)" }
    }
    let numbers = table.array(as: Double.self)
    // What stands for numbers that could not be read is not worth spelling.
    if Failure.isActive { return [] }
    if let place = numbers.firstIndex(where: { !$0.isFinite }) {
        let width = table.shape[1]
        throw DataFileError(
            path: path, problem: "\(numbers[place]) in row \(place / width) has no spelling there",
            advice: "replace it first, or save the tensor as .npy")
    }
    // Half-width floats are short in float32.
    return table.dtype == .float64
        ? numbers.map { "\($0)" } : table.array(as: Float.self).map { "\($0)" }
}

/// A name, between quotation marks where it would read as something else: by scalars, as an accent
/// after a quotation mark makes another character of it, with a leading byte order mark, and where
/// it is empty, since a line of nothing is skipped.
private func csvQuoted(_ name: String) -> String {
    let scalars = name.unicodeScalars
    if !scalars.isEmpty, scalars.first != "\u{FEFF}",
        !scalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) })
    {
        return name
    }
    var quoted = "\"".unicodeScalars
    for scalar in scalars {
        if scalar == "\"" { quoted.append(scalar) }
        quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
}
