import Adjoint
import Foundation
import Synchronization
import Testing

/// Loading on threads: the same batches, the same bits, and no thread that stays.
@Suite struct WorkerTests {
    private struct Broken: Error, Equatable { let index: Int }

    /// Inputs drawn at random, of an example's number; reads are counted.
    private final class Noisy: Dataset {
        let count: Int
        let broken: Int?
        let reads = Atomic<Int>(0)

        init(_ count: Int, broken: Int? = nil) { (self.count, self.broken) = (count, broken) }

        subscript(i: Int) -> (Tensor, Tensor) {
            get throws {
                reads.add(1, ordering: .relaxed)
                if i == broken { throw Broken(index: i) }
                return (Tensor.rand(3) + i, Tensor(i))
            }
        }
    }

    private func bits(_ batches: some Sequence<(Tensor, Tensor)>) -> [[Float]] {
        batches.map { $0.array(as: Float.self) + $1.array(as: Float.self) }
    }

    @Test(arguments: [1, 2, 3, 7])
    func anyNumberOfWorkersGivesTheSameBits(workers: Int) {
        for shuffle in [false, true] {
            let here = DataLoader(Noisy(23), batchSize: 4, shuffle: shuffle)
            let there = DataLoader(
                Noisy(23), batchSize: 4, shuffle: shuffle, workers: workers, prefetch: 1)
            let expected = withGenerator(seed: 5) { [bits(here), bits(here)] }
            let found = withGenerator(seed: 5) { [bits(there), bits(there)] }
            #expect(found == expected && expected[0] != expected[1])
        }
    }

    @Test func anExampleDrawsTheSameInAnyBatch() {
        func drawn(_ size: Int) -> [Float] {
            withGenerator(seed: 2) {
                DataLoader(Noisy(12), batchSize: size).flatMap { $0.0.array(as: Float.self) }
            }
        }
        #expect(drawn(1) == drawn(5) && Set(drawn(1)).count == 36)
        // One that comes again draws anew.
        let twice = DataLoader(Noisy(3), batchSize: 2, sampler: SubsetSampler([1, 1, 0, 1]))
        let rows = withGenerator(seed: 1) { bits(twice) }.flatMap { $0 }.filter { $0 > 1 && $0 < 2 }
        #expect(rows.count == 9 && Set(rows).count == 9)
    }

    @Test func anEpochGoesOnWhereItStopped() throws {
        let loader = DataLoader(Noisy(17), batchSize: 3, shuffle: true, workers: 2)
        let (rest, position) = withGenerator(seed: 4) {
            var epoch = loader.makeIterator()
            _ = epoch.next()
            _ = epoch.next()
            let position = epoch.position
            return (bits(IteratorSequence(epoch)), position)
        }
        #expect(position.batch == 2 && rest.count == 4)
        withGenerator(seed: 8) {
            let state = Generator.current.state
            #expect(bits(IteratorSequence(loader.makeIterator(resumingAt: position))) == rest)
            #expect(Generator.current.state == state)
        }
    }

    @Test(arguments: [0, 2])
    func aFaultReachesTheConsumerInItsTurn(workers: Int) throws {
        let loader = DataLoader(Noisy(10, broken: 5), batchSize: 2, workers: workers)
        var batches = loader.makeIterator()
        for _ in 0..<2 { #expect(try batches.nextBatch() != nil) }
        #expect(throws: Broken(index: 5)) { try batches.nextBatch() }
        // The batches behind it are still there.
        #expect(try batches.nextBatch()?.1.array(as: Int.self) == [6, 7])
        #expect(try batches.nextBatch() != nil && batches.nextBatch() == nil)
        let error = #expect(throws: TensorError.self) {
            try catchingTensorErrors { for _ in loader {} }
        }
        #expect(error?.message.contains("Broken(index: 5)") == true)
    }

    @Test(arguments: [0, 2])
    func aMistakeReachesTheConsumer(workers: Int) {
        let data = Noisy(4).map { x, y in (x.matmul(Tensor.zeros(5, 5)), y) }
        let error = #expect(throws: TensorError.self) {
            try catchingTensorErrors { for _ in DataLoader(data, workers: workers) {} }
        }
        #expect(error?.operation == "matmul")
        let uneven = ArrayDataset([(Tensor.zeros(2), Tensor(0)), (Tensor.zeros(3), Tensor(1))])
        let shapes = #expect(throws: TensorError.self) {
            try catchingTensorErrors {
                for _ in DataLoader(uneven, batchSize: 2, workers: workers) {}
            }
        }
        #expect(shapes?.message.contains("padding()") == true)
    }

    @Test func workersStayWithinTheirDistance() {
        let data = Noisy(1000)
        var batches = DataLoader(data, batchSize: 2, workers: 3, prefetch: 2).makeIterator()
        for _ in 0..<5 { _ = batches.next() }
        // Five that were taken, and six ahead of the last of them.
        #expect((10...22).contains(data.reads.load(ordering: .relaxed)))
    }

    /// The threads of this process; nil where the system has no list of them.
    private func threads() -> Int? {
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }

    @Test func whoeverStopsEarlyLeavesNoThread() throws {
        final class Witness: Sendable {}
        weak var witness: Witness?
        let data: some Dataset<(Tensor, Tensor)> = {
            let kept = Witness()
            witness = kept
            return Noisy(400).map { x, y in withExtendedLifetime(kept) { (x, y) } }
        }()
        func read<D: Dataset>(_ data: D) where D.Example == (Tensor, Tensor) {
            for _ in 0..<20 {
                for (number, _) in DataLoader(data, batchSize: 2, workers: 8).enumerated()
                where number == 3 { break }
                // Some that nobody ever asks.
                _ = DataLoader(data, workers: 4).makeIterator()
            }
        }
        _ = try #require(witness)
        read(data)
        // 240 threads would have stayed; other tests start some of their own meanwhile.
        if let count = threads() { #expect(count < 200) }
    }

    @Test func lettingGoOfAnIteratorFreesWhatItHeld() {
        final class Witness: Sendable {}
        weak var witness: Witness?
        do {
            let kept = Witness()
            witness = kept
            let data = Noisy(40).map { x, y in withExtendedLifetime(kept) { (x, y) } }
            var batches = DataLoader(data, batchSize: 2, workers: 3).makeIterator()
            _ = batches.next()
        }
        #expect(witness == nil)
    }

    @Test func gradModeIsThatOfTheCaller() {
        let weight = Tensor([2.0], requiresGrad: true)
        let data = Noisy(4).map { x, y in (x * weight, y) }
        for workers in [0, 2] {
            let loader = DataLoader(data, batchSize: 2, workers: workers)
            #expect(Array(loader).allSatisfy { $0.0.requiresGrad })
            noGrad { #expect(Array(loader).allSatisfy { !$0.0.requiresGrad }) }
        }
    }

    @Test func copiesOfAnIteratorAreApart() {
        let loader = DataLoader(Noisy(12), batchSize: 2, workers: 2)
        withGenerator(seed: 1) {
            var first = loader.makeIterator()
            _ = first.next()
            let second = first
            let rest = bits(IteratorSequence(first))
            #expect(rest.count == 5 && bits(IteratorSequence(second)) == rest)
        }
    }

    @Test func numbersOutOfRangeAreRefused() {
        for (workers, prefetch) in [(-1, 2), (1000, 2), (1, 0)] {
            #expect(throws: TensorError.self) {
                try catchingTensorErrors {
                    _ = DataLoader(Noisy(3), workers: workers, prefetch: prefetch)
                }
            }
        }
    }
}
