import Adjoint
import AdjointTesting
import Testing

private func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    (a - b).magnitude <= tolerance
}

private func ints(_ values: [Int]) -> Tensor { Tensor(values, dtype: .int64) }

@Suite struct MetricTests {
    /// Class 0 is right three times, class 1 twice, class 2 once.
    private let actual = ints([0, 0, 0, 1, 1, 2])
    private let predicted = ints([0, 0, 1, 1, 2, 2])

    @Test func accuracyIsThatOfAllExamplesNotTheMeanOfBatches() {
        var accuracy = Accuracy()
        #expect(accuracy.value.isNaN)
        accuracy.update(Tensor([[2.0, 1.0], [0.0, 1.0], [3.0, 0.0]]), ints([0, 1, 0]))
        accuracy.update(Tensor([[2.0, 1.0]]), ints([1]))
        #expect(accuracy.value == 0.75 && accuracy.correct == 3 && accuracy.total == 4)
        accuracy.update(Tensor.zeros(0, 2), ints([]).reshape([0]))
        #expect(accuracy.total == 4)
        accuracy.reset()
        #expect(accuracy.value.isNaN)
    }

    @Test func accuracyReadsScoresClassesAndProbabilities() {
        var pixels = Accuracy()
        // Two images of two pixels, scores of three classes along dimension 1.
        let scores = Tensor([
            [[1.0, 0.0], [0.0, 5.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 1.0], [2.0, 0.0]],
        ])
        pixels.update(scores, Tensor([[0, 1], [2, 0]]))
        #expect(pixels.value == 0.75)
        var classes = Accuracy()
        classes.update(predicted, actual)
        #expect(close(classes.value, 4.0 / 6))
        var probabilities = Accuracy()
        probabilities.update(Tensor([0.9, 0.2, 0.6, 0.5]), Tensor([true, true, false, false]))
        #expect(probabilities.value == 0.5)
        var logits = Accuracy(threshold: 0)
        logits.update(Tensor([0.3, -0.3]), ints([1, 0]))
        #expect(logits.value == 1)
        var padded = Accuracy(ignoreIndex: -100)
        padded.update(ints([1, 1, 0]), ints([1, -100, 1]))
        #expect(padded.value == 0.5 && padded.total == 2)
    }

    @Test func topKCountsTheHighestScores() {
        let scores = Tensor([
            [3.0, 2.0, 1.0], [1.0, 2.0, 3.0], [2.0, 3.0, 1.0], [0.0, 1.0, 2.0],
        ])
        let targets = ints([1, 0, 1, -1])
        for (k, value) in [(1, 1.0 / 3), (2, 2.0 / 3), (3, 1)] {
            var accuracy = Accuracy(topK: k, ignoreIndex: -1)
            accuracy.update(scores, targets)
            #expect(close(accuracy.value, value), "top \(k)")
            #expect(accuracy.total == 3)
        }
    }

    @Test func confusionMatrixCounts() {
        var matrix = ConfusionMatrix(classes: 3)
        matrix.update(predicted[0..<4], actual[0..<4])
        matrix.update(predicted[4...], actual[4...])
        #expect(matrix.value == [[2, 1, 0], [0, 1, 1], [0, 0, 1]] && matrix.total == 6)
        #expect(matrix.normalized(by: .actual)[1] == [0, 0.5, 0.5])
        #expect(matrix.normalized(by: .predicted)[0] == [1, 0.5, 0])
        #expect(close(matrix.normalized(by: .all)[0][0], 2.0 / 6))
        #expect(
            matrix.description == """
                   0  1  2
                0  2  1  0
                1  0  1  1
                2  0  0  1
                """)
        matrix.reset()
        #expect(matrix.total == 0 && matrix.normalized(by: .actual)[0] == [0, 0, 0])
    }

    @Test func precisionRecallAndF1ByHand() {
        func value<M: ClassMetric>(_ make: (MetricAverage) -> M, _ average: MetricAverage) -> Double
        {
            var metric = make(average)
            metric.update(predicted, actual)
            return metric.value
        }
        let precision = { Precision(classes: 3, average: $0) }
        let recall = { Recall(classes: 3, average: $0) }
        let f1 = { F1Score(classes: 3, average: $0) }
        #expect(close(value(precision, .micro), 4.0 / 6))
        #expect(close(value(precision, .macro), 2.0 / 3))
        #expect(close(value(precision, .weighted), 0.75))
        #expect(close(value(recall, .micro), 4.0 / 6))
        #expect(close(value(recall, .macro), 13.0 / 18))
        #expect(close(value(recall, .weighted), 4.0 / 6))
        #expect(close(value(f1, .micro), 4.0 / 6))
        #expect(close(value(f1, .macro), (0.8 + 0.5 + 2.0 / 3) / 3))
        #expect(close(value(f1, .weighted), (3 * 0.8 + 2 * 0.5 + 2.0 / 3) / 6))
        var perClass = F1Score(classes: 3)
        perClass.update(predicted, actual)
        #expect(zip(perClass.perClass, [0.8, 0.5, 2.0 / 3]).allSatisfy { close($0, $1) })
    }

    @Test func absentClassesAreLeftOutOfTheMeanAndZeroByZeroIsChosen() {
        // Class 3 never occurs; class 2 is predicted once and never right.
        let (predicted, actual) = (ints([0, 2, 1]), ints([0, 0, 1]))
        var recall = Recall(classes: 4)
        #expect(recall.value.isNaN)
        recall.update(predicted, actual)
        #expect(recall.perClass == [0.5, 1, 0, 0])
        #expect(close(recall.value, 0.5))
        var lenient = Recall(classes: 4, zeroDivision: 1)
        lenient.update(predicted, actual)
        #expect(lenient.perClass == [0.5, 1, 1, 1])
        #expect(close(lenient.value, 2.5 / 3))
        var weighted = Recall(classes: 4, average: .weighted)
        weighted.update(predicted, actual)
        #expect(close(weighted.value, 2.0 / 3))
        recall.reset()
        #expect(recall.value.isNaN)
    }

    @Test func binaryIsClassOneAlone() {
        var precision = Precision(classes: 2, average: .binary)
        var recall = Recall(classes: 2, average: .binary)
        var f1 = F1Score(classes: 2, average: .binary)
        let (scores, targets) = (Tensor([0.9, 0.2, 0.6, 0.4, 0.8]), ints([1, 1, 0, 0, 1]))
        precision.update(scores, targets)
        recall.update(scores, targets)
        f1.update(scores, targets)
        #expect(close(precision.value, 2.0 / 3) && close(recall.value, 2.0 / 3))
        #expect(close(f1.value, 2.0 / 3))
        var nothingFound = Precision(classes: 2, average: .binary)
        nothingFound.update(Tensor([0.1, 0.2]), ints([1, 0]))
        #expect(nothingFound.value == 0)
    }

    @Test func perplexityByHand() {
        var perplexity = Perplexity()
        #expect(perplexity.value.isNaN)
        // All of four words are equally likely.
        perplexity.update(Tensor.zeros(1, 2, 4), Tensor([[3, 0]]))
        #expect(close(perplexity.value, 4, 1e-6))
        perplexity.reset()
        // Probabilities ½ and ¼ for the targets; the padded one does not count.
        let rows = Tensor([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25], [0.1, 0.1, 0.8]]).log()
        perplexity.update(rows, ints([0, 1, -100]))
        #expect(close(perplexity.value, 8.0.squareRoot(), 1e-6))
    }

    @Test func errorsByHand() {
        var absolute = MeanAbsoluteError()
        var squared = MeanSquaredError()
        var root = MeanSquaredError(squared: false)
        #expect(absolute.value.isNaN && squared.value.isNaN)
        for (x, y) in [(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])), (Tensor([3.0]), Tensor([3.0]))] {
            absolute.update(x, y)
            squared.update(x, y)
            root.update(x, y)
        }
        #expect(absolute.value == 1 && close(squared.value, 5.0 / 3))
        #expect(close(root.value, (5.0 / 3).squareRoot()))
        absolute.reset()
        #expect(absolute.value.isNaN)
    }

    @Test func rSquaredInUnevenBatchesAndFarFromZero() {
        for offset in [0.0, 1e8] {
            let y = Tensor([1.0, 2, 3, 4], dtype: .float64) + offset
            let x = Tensor([1.0, 2, 3, 5], dtype: .float64) + offset
            var score = R2Score()
            score.update(x[0..<1], y[0..<1])
            #expect(score.value.isNaN)
            score.update(x[1...], y[1...])
            #expect(close(score.value, 0.8, 1e-12))
        }
        var two = R2Score()
        two.update(
            Tensor([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]]),
            Tensor([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]]))
        #expect(two.perOutput == [1, 0] && two.value == 0.5)
        var constant = R2Score()
        constant.update(Tensor([2.0, 2.0]), Tensor([2.0, 2.0]))
        #expect(constant.value == 1)
    }

    @Test func runningMeans() {
        var mean = RunningMean()
        #expect(mean.value.isNaN)
        mean.update(2, weight: 3)
        mean.update(Tensor(6.0), weight: 1)
        #expect(mean.value == 3)
        var latest = RunningMean(window: 2)
        for value in [.nan, 1.0, 3.0] { latest.update(value) }
        #expect(latest.value == 2)
        latest.reset()
        #expect(latest.value.isNaN)
    }

    @Test func mistakesAreNamedAndCountNothing() {
        func kind(_ body: () -> Void) -> TensorError.Kind? { tensorError(body)?.kind }
        var accuracy = Accuracy()
        var matrix = ConfusionMatrix(classes: 2)
        var r2 = R2Score()
        r2.update(Tensor.zeros(2, 2), Tensor.zeros(2, 2))
        #expect(kind { accuracy.update(Tensor.zeros(3, 2), ints([0, 1])) } == .shape)
        #expect(kind { accuracy.update(Tensor.zeros(2, 2), Tensor([0.0, 1.0])) } == .dtype)
        #expect(kind { matrix.update(ints([0, 1]), ints([0, 2])) } == .index)
        #expect(kind { matrix.update(ints([0, -1]), ints([0, 1])) } == .index)
        #expect(kind { r2.update(Tensor.zeros(3), Tensor.zeros(3)) } == .shape)
        #expect(accuracy.total == 0 && matrix.total == 0)
        var absolute = MeanAbsoluteError()
        #expect(kind { absolute.update(Tensor.zeros(3), Tensor.zeros(3, 1)) } == .shape)
        var perplexity = Perplexity()
        #expect(kind { perplexity.update(Tensor.zeros(2, 3), ints([0, 3])) } != nil)
        #expect(absolute.value.isNaN && perplexity.value.isNaN)
        #expect(kind { _ = Accuracy(topK: 0) } == .argument)
        #expect(kind { _ = Precision(classes: 3, average: .binary) } == .argument)
        var top = Accuracy(topK: 3)
        #expect(kind { top.update(Tensor.zeros(1, 2), ints([0])) } == .argument)
    }
}
