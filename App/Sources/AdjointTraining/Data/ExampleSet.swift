/// Examples of a classification task: numbers in, one of a few classes out.
public struct ExampleSet: Sendable {
    /// The inputs, one example after another, each row-major in `shape`.
    public var features: [Float]
    /// The shape of one example: `[columns]` for a table, `[channels, height, width]` for images.
    public var shape: [Int]
    /// For each example the index of its class in `classNames`; empty where no labels are known.
    public var labels: [Int]
    /// The names of the classes, in the order of the model's outputs.
    public var classNames: [String]
    /// The names of the columns, for tables; nil where the inputs have no names.
    public var columnNames: [String]?
    /// How many examples there are.
    public let count: Int

    /// Examples whose inputs are `features`, `shape` numbers each.
    public init(
        features: [Float], shape: [Int], labels: [Int], classNames: [String],
        columnNames: [String]? = nil
    ) {
        self.features = features
        self.shape = shape
        self.labels = labels
        self.classNames = classNames
        self.columnNames = columnNames
        let width = shape.reduce(1, *)
        count = width == 0 ? 0 : features.count / width
    }

    /// How many numbers one example has.
    public var width: Int { shape.reduce(1, *) }

    /// The numbers of example `index`.
    public func example(_ index: Int) -> ArraySlice<Float> {
        features[(index * width)..<((index + 1) * width)]
    }

    /// The examples at `indices`, in that order.
    public func selecting(_ indices: [Int]) -> ExampleSet {
        var chosen: [Float] = []
        chosen.reserveCapacity(indices.count * width)
        for index in indices { chosen.append(contentsOf: example(index)) }
        return ExampleSet(
            features: chosen, shape: shape,
            labels: labels.isEmpty ? [] : indices.map { labels[$0] },
            classNames: classNames, columnNames: columnNames)
    }
}
