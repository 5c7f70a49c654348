/// What a model takes and gives: enough to prepare new data for it as the training data were.
public struct ModelInputs: Codable, Sendable, Equatable {
    /// The shape of one example: `[columns]`, or `[channels, height, width]`.
    public var shape: [Int]
    /// The classes, in the order of the model's outputs.
    public var classNames: [String]
    /// The names of the columns in their order; nil for images from IDX files.
    public var columnNames: [String]?
    /// The column that held the labels; nil where a file of its own held them.
    public var labelName: String?
    /// What is subtracted from the numbers: one for all, or one a column.
    public var mean: [Float]
    /// What the differences are divided by; as many as there are means.
    public var deviation: [Float]

    /// The inputs of a model trained on `training`. Images are scaled by their common mean and
    /// standard deviation, the columns of a table each by its own; a constant column is left as 0.
    public init(training: ExampleSet, labelName: String?) {
        shape = training.shape
        classNames = training.classNames
        columnNames = training.columnNames
        self.labelName = labelName
        let groups = training.shape.count == 3 ? 1 : training.width
        var sums = [Double](repeating: 0, count: groups)
        for (index, value) in training.features.enumerated() {
            sums[index % groups] += Double(value)
        }
        let share = Double(max(training.features.count / groups, 1))
        let means = sums.map { $0 / share }
        var squares = [Double](repeating: 0, count: groups)
        for (index, value) in training.features.enumerated() {
            let difference = Double(value) - means[index % groups]
            squares[index % groups] += difference * difference
        }
        mean = means.map { Float($0) }
        deviation = squares.map { square in
            let deviation = Float((square / share).squareRoot())
            return deviation > 0 ? deviation : 1
        }
    }

    /// The numbers of `examples`, prepared for the model.
    public func normalized(_ examples: ExampleSet) -> [Float] {
        let groups = mean.count
        return examples.features.enumerated().map { index, value in
            (value - mean[index % groups]) / deviation[index % groups]
        }
    }
}
