public import AdjointCore

/// The rows of a CSV file: the numbers of some columns, float32, and that of one, the target.
///
/// ```swift
/// let flowers = try CSVDataset("iris.csv", target: "species")
/// for (x, y) in DataLoader(flowers, batchSize: 16, shuffle: true) { ... }
/// ```
public struct CSVDataset: Dataset {
    /// The columns of the inputs, in order.
    public let columns: [String]
    /// The column of the targets.
    public let target: String
    private let rows: TensorDataset

    /// - Parameters:
    ///   - path: A file as `CSVTable` reads it.
    ///   - target: The column of the targets; the last if nil.
    ///   - inputs: The columns of the inputs; all others if nil.
    ///   - targetType: int64 for classes, whose numbers must be whole, or a type of fractions.
    /// - Throws: `DataFileError` where the file cannot be read or is no table of numbers, lacks a
    ///   column, or has a target that its type does not hold, with line and column.
    public init(
        _ path: String, target: String? = nil, inputs: [String]? = nil, targetType: DType = .int64
    ) throws {
        let table = try CSVTable(readingFrom: path)
        let last = table.columns.count - 1
        let place = try target.map { name throws in try table.index(ofColumn: name) } ?? last
        let places =
            try inputs.map { names in try names.map { try table.index(ofColumn: $0) } }
            ?? (0...last).filter { $0 != place }
        if places.isEmpty {
            throw DataFileError(
                path: path, problem: "no column is left for the inputs",
                advice: "name a file of at least two columns, or other inputs")
        }
        let width = table.columns.count
        let targets = table.column(place)
        if !targetType.isFloatingPoint,
            let row = targets.firstIndex(where: { Int64(exactly: $0) == nil })
        {
            throw DataFileError(
                path: path, line: table.lines[row], column: table.columns[place],
                problem: "\(targets[row]) is no whole number, as a class is",
                advice: "write classes as 0, 1, 2, ..., or ask for targetType: .float32")
        }
        var numbers: [Float] = []
        numbers.reserveCapacity(table.rowCount * places.count)
        for row in 0..<table.rowCount {
            for place in places { numbers.append(Float(table.values[row * width + place])) }
        }
        columns = places.map { table.columns[$0] }
        self.target = table.columns[place]
        rows = TensorDataset(
            Tensor(numbers, shape: [table.rowCount, places.count]),
            Tensor(targets, shape: [table.rowCount], dtype: targetType))
    }

    /// All inputs, [rows, columns].
    public var inputs: Tensor { rows.inputs }
    /// All targets, [rows].
    public var targets: Tensor { rows.targets }
    public var count: Int { rows.count }
    public subscript(i: Int) -> (Tensor, Tensor) { rows[i] }
    public func gather(_ indices: [Int]) -> (Tensor, Tensor)? { rows.gather(indices) }
}
