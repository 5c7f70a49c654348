import Adjoint
import Testing

@Suite struct DataLoaderTests {
    private let dataset = TensorDataset(
        Tensor.arange(0, 20).reshape(10, 2), Tensor.arange(0, 10))

    private func labels(_ batches: some Sequence<(Tensor, Tensor)>) -> [[Int]] {
        batches.map { $0.1.array(as: Int.self) }
    }

    @Test func batchesInOrder() {
        let loader = DataLoader(dataset, batchSize: 4)
        #expect(labels(loader) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
        #expect(loader.count == 3)
        let full = DataLoader(dataset, batchSize: 4, dropLast: true)
        #expect(labels(full) == [[0, 1, 2, 3], [4, 5, 6, 7]])
        for (x, y) in loader {
            #expect(x.shape == [y.numel, 2] && x[0, 0].item() == 2 * y[0].item(as: Int.self))
        }
    }

    @Test func orderComesFromTheGenerator() {
        let loader = DataLoader(dataset, batchSize: 4, shuffle: true)
        let first = withGenerator(seed: 5) { [labels(loader), labels(loader)] }
        let second = withGenerator(seed: 5) { [labels(loader), labels(loader)] }
        #expect(first == second && first[0] != first[1])
        #expect(first[0].flatMap { $0 }.sorted() == Array(0..<10))
    }

    @Test func anEpochGoesOnWhereItStopped() {
        let loader = DataLoader(dataset, batchSize: 3, shuffle: true)
        withGenerator(seed: 6) {
            var epoch = loader.makeIterator()
            _ = epoch.next()
            let position = epoch.position
            var rest: [[Int]] = []
            while let (_, y) = epoch.next() { rest.append(y.array()) }
            manualSeed(99)
            let state = Generator.current.state
            var resumed = loader.makeIterator(resumingAt: position)
            var again: [[Int]] = []
            while let (_, y) = resumed.next() { again.append(y.array()) }
            #expect(again == rest && rest.count == 3)
            #expect(Generator.current.state == state)
        }
    }

    @Test func splitsAreSeededAndDisjoint() {
        let parts = randomSplit(dataset, [7, 3], seed: 0)
        #expect(parts.map(\.count) == [7, 3])
        #expect(parts[0].indices == randomSplit(dataset, [7, 3], seed: 0)[0].indices)
        #expect((parts[0].indices + parts[1].indices).sorted() == Array(0..<10))
        let loader = DataLoader(parts[1], batchSize: 3)
        #expect(labels(loader) == [parts[1].indices])
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { randomSplit(dataset, [7, 4]) }
        }
    }

    private struct Squares: Dataset {
        let count = 5
        subscript(i: Int) -> (Tensor, Tensor) { (Tensor([Float(i)]), Tensor(i * i)) }
    }

    @Test func itemsAreStacked() {
        let batches = Array(DataLoader(Squares(), batchSize: 5))
        #expect(batches[0].0.shape == [5, 1])
        #expect(batches[0].1.array(as: Int.self) == [0, 1, 4, 9, 16])
    }

    @Test func mistakesAreErrors() {
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { _ = TensorDataset(Tensor.zeros(3, 2), Tensor.zeros(2)) }
        }
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { _ = DataLoader(dataset, batchSize: 0) }
        }
    }
}
