import Adjoint
import Testing

@Suite struct IterableTests {
    private struct Counting: IterableDataset {
        var limit = Int.max
        func makeIterator() -> AnyIterator<Int> {
            var next = 0
            return AnyIterator {
                guard next < limit else { return nil }
                defer { next += 1 }
                return next
            }
        }
    }

    private func pair(_ number: Int) -> (Tensor, Tensor) {
        (Tensor.rand(2) + number, Tensor(number))
    }

    private func labels(_ batches: some Sequence<(Tensor, Tensor)>) -> [[Int]] {
        batches.map { $0.1.array(as: Int.self) }
    }

    @Test func streamsAreChangedWithoutEnd() {
        let stream = Counting().filter { $0 % 2 == 1 }.map { $0 * 10 }
        #expect(Array(stream.prefix(3)) == [10, 30, 50] && Array(stream.prefix(1)) == [10])
        #expect(Array(Counting(limit: 2).concat(Counting(limit: 1))) == [0, 1, 0])
        #expect(
            Counting(limit: 2).map { $0 + 5 }.enumerated().map { [$0, $1] } == [[0, 5], [1, 6]])
    }

    @Test func aBufferShuffles() {
        let stream = Counting(limit: 100).shuffled(buffer: 10)
        let order = withGenerator(seed: 1) { Array(stream) }
        #expect(order.sorted() == Array(0..<100) && order != order.sorted())
        #expect(order == withGenerator(seed: 1) { Array(stream) })
        // Nothing can come before it has entered the buffer.
        for (place, value) in order.enumerated() { #expect(value < place + 10) }
        #expect(Array(Counting(limit: 3).shuffled(buffer: 1)) == [0, 1, 2])
    }

    @Test(arguments: [0, 1, 3])
    func batchesAreTheSameHoweverTheyAreMade(prefetch: Int) {
        let stream = Counting(limit: 11).map(pair)
        let here = IterableLoader(stream, batchSize: 4)
        let there = IterableLoader(stream, batchSize: 4, prefetch: prefetch)
        func bits(_ loader: some Sequence<(Tensor, Tensor)>) -> [[Float]] {
            loader.map { $0.0.array(as: Float.self) }
        }
        let expected = withGenerator(seed: 7) { [bits(here), bits(here)] }
        #expect(withGenerator(seed: 7) { [bits(there), bits(there)] } == expected)
        #expect(expected[0] != expected[1])
        #expect(labels(there) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10]])
        let full = IterableLoader(stream, batchSize: 4, dropLast: true, prefetch: prefetch)
        #expect(labels(full).count == 2)
    }

    @Test func anEndlessStreamIsLeftBehind() {
        let loader = IterableLoader(Counting().map(pair), batchSize: 2, prefetch: 2)
        var seen: [[Int]] = []
        for (_, y) in loader {
            seen.append(y.array())
            if seen.count == 3 { break }
        }
        #expect(seen == [[0, 1], [2, 3], [4, 5]])
    }

    @Test(arguments: [0, 2])
    func faultsAndMistakesArrive(prefetch: Int) throws {
        struct Refused: Error {}
        let loader = IterableLoader(Counting(limit: 3), prefetch: prefetch) { numbers in
            if numbers[0] == 1 { throw Refused() }
            return (Tensor(numbers[0]), Tensor(numbers[0]))
        }
        var batches = loader.makeIterator()
        #expect(try batches.nextBatch() != nil)
        #expect(throws: Refused.self) { try batches.nextBatch() }
        #expect(try batches.nextBatch()?.0.item(as: Int.self) == 2)
        #expect(try batches.nextBatch() == nil && batches.nextBatch() == nil)
        #expect(throws: TensorError.self) {
            try catchingTensorErrors {
                for _ in IterableLoader(Counting(limit: 3).map(pair), batchSize: 0) {}
            }
        }
    }
}
