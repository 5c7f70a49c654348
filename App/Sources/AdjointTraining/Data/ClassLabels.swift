import Adjoint

/// Labels read from a file, as classes: whole numbers, of which no more than 1,000 differ.
struct ClassLabels {
    /// The distinct labels, ascending.
    let names: [String]
    /// For each example the index of its label in `names`.
    let indices: [Int]

    private static let most = 1_000

    /// The classes among `values`. `place` makes the error for the example at an index.
    init(
        _ values: [Double], place: (Int, _ problem: String, _ advice: String) -> DataFileError
    ) throws {
        let wholes = try Self.wholeNumbers(values, place: place)
        let distinct = Set(wholes).sorted()
        guard distinct.count >= 2 else {
            throw place(
                0, "all labels are \(distinct.first ?? 0)", "give examples of at least two classes")
        }
        guard distinct.count <= Self.most else {
            throw place(
                0, "\(distinct.count) different labels are more than \(Self.most) classes",
                "name the column or file that holds classes, not amounts")
        }
        let positions = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
        names = distinct.map(String.init)
        indices = wholes.compactMap { positions[$0] }
    }

    /// The indices of `values` among the classes `names` of a model.
    init(
        _ values: [Double], among names: [String],
        place: (Int, _ problem: String, _ advice: String) -> DataFileError
    ) throws {
        let positions = Dictionary(
            names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        self.names = names
        indices = try Self.wholeNumbers(values, place: place).enumerated().map { row, value in
            guard let index = positions[String(value)] else {
                let known =
                    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
                throw place(
                    row, "the model knows no class \(value)",
                    "it was trained on the classes \(known)")
            }
            return index
        }
    }

    private static func wholeNumbers(
        _ values: [Double], place: (Int, _ problem: String, _ advice: String) -> DataFileError
    ) throws -> [Int] {
        try values.enumerated().map { row, value in
            guard let whole = Int(exactly: value) else {
                throw place(
                    row, "the label \(value) is no whole number",
                    "classes are whole numbers; amounts cannot be learned here")
            }
            return whole
        }
    }
}
