import Adjoint

extension ExampleSet {
    /// Reads labelled examples to train on; the classes are the labels that occur.
    ///
    /// Throws a `DataFileError` for a file that cannot be used, a `RunError` for too few examples.
    public init(trainingOn source: DataSource) throws {
        switch source {
        case .digits: self = Digits.load()
        case .table(let path, let label):
            let table = try CSVTable(readingFrom: path)
            let column = try table.index(ofColumn: label ?? "")
            let classes = try ClassLabels(
                table.column(column), place: Self.place(table, column: column))
            let inputs = table.columns.indices.filter { $0 != column }
            self.init(
                features: try Self.features(table, columns: inputs), shape: [inputs.count],
                labels: classes.indices, classNames: classes.names,
                columnNames: inputs.map { table.columns[$0] })
            guard !inputs.isEmpty else {
                throw RunError(
                    "\(path) has no column beside the label",
                    advice: "add columns of numbers to learn from")
            }
        case .images(let path, let labels):
            let images = try IDXArray(readingFrom: path)
            let (values, place) = try Self.labels(labels ?? "", for: images)
            let classes = try ClassLabels(values, place: place)
            try self.init(images, labels: classes.indices, classNames: classes.names)
        }
        guard count >= 2 else {
            throw RunError(
                "there are only \(count) examples", advice: "give at least 2, and better hundreds")
        }
    }

    /// Reads examples for a model with `inputs`: columns by their names, labels among its classes.
    /// Without labels in `source`, `labels` is empty.
    public init(reading source: DataSource, for inputs: ModelInputs) throws {
        switch source {
        case .digits: self = Digits.load()
        case .table(let path, let label):
            let table = try CSVTable(readingFrom: path)
            guard let names = inputs.columnNames else {
                throw RunError(
                    "the model was trained on images, and \(path) is a table",
                    advice: "give images in IDX files: --images")
            }
            let columns = try names.map { try table.index(ofColumn: $0) }
            var indices: [Int] = []
            if let label {
                let column = try table.index(ofColumn: label)
                indices = try ClassLabels(
                    table.column(column), among: inputs.classNames,
                    place: Self.place(table, column: column)
                ).indices
            }
            self.init(
                features: try Self.features(table, columns: columns), shape: inputs.shape,
                labels: indices, classNames: inputs.classNames, columnNames: names)
        case .images(let path, let labels):
            let images = try IDXArray(readingFrom: path)
            var indices: [Int] = []
            if let labels {
                let (values, place) = try Self.labels(labels, for: images)
                indices = try ClassLabels(values, among: inputs.classNames, place: place).indices
            }
            try self.init(images, labels: indices, classNames: inputs.classNames)
        }
        guard width == inputs.shape.reduce(1, *), shape.count == 1 || shape == inputs.shape else {
            throw RunError(
                "the model takes examples of shape \(inputs.shape), and the data have \(shape)",
                advice: "give data like those that it was trained on")
        }
        shape = inputs.shape
        guard count > 0 else {
            throw RunError("the data hold no examples", advice: "give at least one")
        }
    }

    private init(_ images: IDXArray, labels: [Int], classNames: [String]) throws {
        let sizes = Array(images.shape.dropFirst())
        guard !sizes.isEmpty else {
            throw DataFileError(
                path: images.path, problem: "these are single numbers where images were expected",
                advice: "give the file of images to --images and that of labels to --labels")
        }
        guard images.count > 0 else {
            throw DataFileError(
                path: images.path, problem: "the file holds no images", advice: "give at least one")
        }
        let features = images.floats
        guard features.allSatisfy(\.isFinite) else {
            throw DataFileError(
                path: images.path, problem: "some numbers are not finite in float32",
                advice: "replace nan, inf and numbers beyond 3.4e38")
        }
        self.init(
            features: features, shape: sizes.count == 2 ? [1] + sizes : sizes, labels: labels,
            classNames: classNames)
    }

    private static func labels(
        _ path: String, for images: IDXArray
    ) throws -> (values: [Double], place: (Int, String, String) -> DataFileError) {
        let labels = try IDXArray(readingFrom: path)
        guard labels.shape.count == 1 else {
            throw DataFileError(
                path: path,
                problem:
                    "labels were expected, one number an image, and the shape is \(labels.shape)",
                advice: "give the file of images to --images and that of labels to --labels")
        }
        guard labels.count == images.shape[0] else {
            throw DataFileError(
                path: path,
                problem: "\(labels.count) labels do not fit the \(images.shape[0]) images "
                    + "of \(images.path)",
                advice: "give the labels of the same images")
        }
        return (
            labels.doubles,
            { index, problem, advice in
                DataFileError(path: path, problem: "label \(index + 1): \(problem)", advice: advice)
            }
        )
    }

    private static func place(
        _ table: CSVTable, column: Int
    ) -> (Int, String, String) -> DataFileError {
        { row, problem, advice in
            DataFileError(
                path: table.path, line: row < table.rowCount ? table.lines[row] : nil,
                column: table.columns[column], problem: problem, advice: advice)
        }
    }

    private static func features(_ table: CSVTable, columns: [Int]) throws -> [Float] {
        var features: [Float] = []
        features.reserveCapacity(table.rowCount * columns.count)
        for row in 0..<table.rowCount {
            for column in columns {
                let value = Float(table.values[row * table.columns.count + column])
                guard value.isFinite else {
                    throw DataFileError(
                        path: table.path, line: table.lines[row], column: table.columns[column],
                        problem: "the number is larger than float32 can hold",
                        advice: "scale the column down")
                }
                features.append(value)
            }
        }
        return features
    }
}
