import Adjoint
import Testing

@Suite struct DatasetTests {
    private let data = TensorDataset(Tensor.arange(0, 20).reshape(10, 2), Tensor.arange(0, 10))

    private func labels<D: Dataset>(_ data: D) throws -> [Int] where D.Example == (Tensor, Tensor) {
        try (0..<data.count).map { try data[$0].1.item() }
    }

    @Test func examplesAreChangedChosenAndJoined() throws {
        let doubled = data.map { x, y in (x.to(.float32), y * 2) }
        #expect(try labels(doubled) == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
        #expect(try doubled[1].0.array(as: Float.self) == [2, 3])
        let inputs = data.map(inputs: { $0 + 1 })
        #expect(try inputs[0].0.array(as: Int.self) == [1, 2] && labels(inputs)[9] == 9)
        let even = try data.filter { $0.1.item(as: Int.self) % 2 == 0 }
        #expect(even.indices == [0, 2, 4, 6, 8])
        #expect(
            try labels(data.subset([3, 1])) == [3, 1] && labels(data.subset(7..<9)) == [7, 8])
        let joined = data.subset(0..<2).concat(data.subset([9]))
        #expect(try labels(joined) == [0, 1, 9] && joined.count == 3)
        let parts = ConcatDataset([
            data.subset([]), data.subset([5]), data.subset([]), data.subset([6]),
        ])
        #expect(try labels(parts) == [5, 6])
        #expect(try parts.batch([1, 0]).1.array(as: Int.self) == [6, 5])
        #expect(try parts.batch([1]).0.shape == [1, 2])
        let paired = zip(data, data.subset([8, 7]))
        #expect(try paired.count == 2 && paired[1].1.1.item(as: Int.self) == 7)
        let numbered = data.subset([4]).enumerated()
        #expect(try numbered[0].index == 0 && numbered[0].example.1.item(as: Int.self) == 4)
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { _ = data.subset([10]) }
        }
    }

    @Test func sharesAreDividedAsWholeExamples() {
        #expect(randomSplit(data, [0.8, 0.2], seed: 1).map(\.count) == [8, 2])
        #expect(randomSplit(data, [0.1, 0.2, 0.7], seed: 1).map(\.count) == [1, 2, 7])
        // 3.3 each: the one that is left goes to the first.
        let thirds = randomSplit(data, [1.0 / 3, 1.0 / 3, 1.0 / 3], seed: 1)
        #expect(thirds.map(\.count) == [4, 3, 3])
        #expect(thirds.flatMap(\.indices).sorted() == Array(0..<10))
        for shares in [[0.5, 0.4], [1.5, -0.5], [.nan], []] as [[Double]] {
            #expect(throws: TensorError.self) {
                try catchingTensorErrors { randomSplit(data, shares) }
            }
        }
    }

    @Test func examplesOfAnyKindAreCollated() {
        let words = ArrayDataset(["a", "bcd", "ef"])
        let loader = DataLoader(words, batchSize: 2) { texts in
            (
                padSequence(texts.map { Tensor(Array($0.utf8).map(Int64.init)) }, paddingValue: -1),
                Tensor(texts.map { Int64($0.utf8.count) })
            )
        }
        let batches = Array(loader)
        #expect(batches[0].0.nestedArray2D(as: Int.self) == [[97, -1, -1], [98, 99, 100]])
        #expect(batches[1].0.nestedArray2D(as: Int.self) == [[101, 102]])
        #expect(batches.flatMap { $0.1.array(as: Int.self) } == [1, 3, 2])
    }

    @Test func sequencesArePadded() {
        let a = Tensor([[1.0, 2.0]], requiresGrad: true)
        let b = Tensor([[3.0, 4.0], [5.0, 6.0]])
        let padded = padSequence([a, b], paddingValue: 9)
        #expect(
            padded.array(as: Int.self) == [1, 2, 9, 9, 3, 4, 5, 6] && padded.shape == [2, 2, 2])
        let second = padSequence([a, b], batchFirst: false)
        #expect(second.array(as: Int.self) == [1, 2, 3, 4, 0, 0, 5, 6])
        padded.sum().backward()
        #expect(a.grad?.array(as: Int.self) == [1, 1])
        let ids = ArrayDataset([
            (Tensor([1, 2, 3]), Tensor([1, 2, 3])), (Tensor([4]), Tensor([4])),
        ])
        for (x, y) in DataLoader(ids, batchSize: 2, collate: padding(0, targets: -100)) {
            #expect(x.dtype == .int64 && x.array(as: Int.self) == [1, 2, 3, 4, 0, 0])
            #expect(y.array(as: Int.self) == [1, 2, 3, 4, -100, -100])
        }
        for bad in [[], [Tensor.zeros(2, 3), Tensor.zeros(2, 4)]] as [[Tensor]] {
            #expect(throws: TensorError.self) { try catchingTensorErrors { padSequence(bad) } }
        }
    }
}
