import Testing

@testable import AdjointTraining

@Suite struct TrainingRequestTests {
    private func table(columns: Int) -> ExampleSet {
        ExampleSet(
            features: (0..<(columns * 10)).map { Float($0 % 7) }, shape: [columns],
            labels: (0..<10).map { $0 % 2 }, classNames: ["0", "1"],
            columnNames: (0..<columns).map { "c\($0)" })
    }

    @Test func theModelSuitsTheData() throws {
        let digits = try TrainingRequest().configuration(Digits.load())
        #expect(digits.0.model == .cnn && digits.0.inputs.shape == [1, 8, 8])
        #expect(digits.0.inputs.mean.count == 1)
        #expect(digits.1.training.count == 1438 && digits.1.heldOut.count == 359)
        var request = TrainingRequest()
        request.source = .table(path: "t.csv", label: "y")
        let numbers = try request.configuration(table(columns: 16)).0
        #expect(numbers.model == .mlp && numbers.inputs.shape == [16])
        #expect(numbers.inputs.mean.count == 16)
        #expect(numbers.defaultName == "t-mlp-seed0")
    }

    @Test func aSquareOfColumnsMayBeAnImage() throws {
        var request = TrainingRequest()
        request.source = .table(path: "t.csv", label: "y")
        request.model = .cnn
        #expect(try request.configuration(table(columns: 16)).0.inputs.shape == [1, 4, 4])
        for columns in [15, 9] {
            let error = #expect(throws: RunError.self) {
                try request.configuration(table(columns: columns))
            }
            #expect(error?.description.contains("--model mlp") == true)
        }
    }

    @Test func whatIsPreparedHasMeanZeroAndDeviationOne() throws {
        let examples = table(columns: 3)
        let inputs = ModelInputs(training: examples, labelName: "y")
        let values = inputs.normalized(examples)
        for column in 0..<3 {
            let numbers = stride(from: column, to: values.count, by: 3).map { values[$0] }
            let mean = numbers.reduce(0, +) / 10
            let square = numbers.reduce(0) { $0 + $1 * $1 } / 10
            #expect(abs(mean) < 1e-6 && abs(square - 1) < 1e-5)
        }
        let constant = ExampleSet(
            features: [5, 5], shape: [1], labels: [0, 1], classNames: ["0", "1"])
        let flat = ModelInputs(training: constant, labelName: nil)
        #expect(flat.normalized(constant) == [0, 0])
    }
}
