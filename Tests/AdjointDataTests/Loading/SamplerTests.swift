import Adjoint
import Testing

@Suite struct SamplerTests {
    @Test func ordersHoldWhatTheySay() {
        #expect(Array(SequentialSampler(4)) == [0, 1, 2, 3])
        #expect(Array(SubsetSampler([5, 2, 2])) == [5, 2, 2])
        #expect(Array(SubsetRandomSampler([5, 2, 9])).sorted() == [2, 5, 9])
        #expect(Array(RandomSampler(50)).sorted() == Array(0..<50))
        // More samples than examples begin another permutation.
        let more = Array(RandomSampler(4, samples: 10))
        #expect(more.count == 10 && more[..<4].sorted() == [0, 1, 2, 3])
        #expect(more[4..<8].sorted() == [0, 1, 2, 3])
        let drawn = withGenerator(seed: 4) { Array(RandomSampler(1000, replacement: true)) }
        #expect(drawn.count == 1000 && drawn.allSatisfy { (0..<1000).contains($0) })
        // 1 - 1/e of them come at least once: 632, with a deviation of 10.
        #expect((570...690).contains(Set(drawn).count))
    }

    @Test func theGeneratorDecidesAndPassesDiffer() {
        let samplers: [any Sampler] = [
            RandomSampler(20), RandomSampler(20, replacement: true),
            SubsetRandomSampler([4, 5, 6]),
            WeightedRandomSampler([1, 2, 3, 4, 5], samples: 9),
            WeightedRandomSampler(Array(repeating: 1, count: 9), samples: 9, replacement: false),
        ]
        for sampler in samplers {
            let first = withGenerator(seed: 3) { (0..<6).map { _ in sampler.order() } }
            let second = withGenerator(seed: 3) { (0..<6).map { _ in sampler.order() } }
            #expect(first == second && Set(first).count > 1)
            #expect(first.allSatisfy { $0.count == sampler.count })
        }
    }

    @Test func weightsDecideHowOften() {
        let weights = [1.0, 0, 3, 0, 4]
        let order = withGenerator(seed: 1) {
            WeightedRandomSampler(weights, samples: 16_000).order()
        }
        // Binomial with 16,000 draws: five deviations.
        for (index, expected) in [2000, 0, 6000, 0, 8000].enumerated() {
            let count = order.count { $0 == index }
            let share = Double(expected) / 16_000
            #expect(
                abs(Double(count - expected)) <= 5 * (16_000 * share * (1 - share)).squareRoot())
        }
        let all = WeightedRandomSampler(weights, samples: 3, replacement: false)
        #expect(all.order().sorted() == [0, 2, 4])
        // Without replacement the first of two draws has the probabilities of the weights.
        let firsts = withGenerator(seed: 2) {
            (0..<4000).map { _ in
                WeightedRandomSampler([1, 3], samples: 2, replacement: false).order()[0]
            }
        }
        #expect(abs(firsts.count { $0 == 1 } - 3000) < 140)
    }

    @Test func badWeightsAreRefused() {
        for (weights, samples, replacement) in [
            ([1, -1], 1, true), ([.nan], 1, true), ([.infinity], 1, true), ([0, 0], 1, true),
            ([], 1, true), ([1, 0], 2, false), ([1], -1, true),
        ] as [([Double], Int, Bool)] {
            #expect(throws: TensorError.self) {
                try catchingTensorErrors {
                    _ = WeightedRandomSampler(weights, samples: samples, replacement: replacement)
                }
            }
        }
        #expect(WeightedRandomSampler([], samples: 0).order().isEmpty)
        for (bound, samples) in [(-1, 0), (0, 1), (3, -1)] {
            #expect(throws: TensorError.self) {
                try catchingTensorErrors { _ = RandomSampler(bound, samples: samples) }
            }
        }
    }

    @Test func batchesOfASampler() {
        let sampler = BatchSampler(SubsetSampler([4, 3, 2, 1, 0]), batchSize: 2)
        #expect(Array(sampler) == [[4, 3], [2, 1], [0]] && sampler.count == 3)
        let full = BatchSampler(SequentialSampler(5), batchSize: 2, dropLast: true)
        #expect(Array(full) == [[0, 1], [2, 3]] && full.count == 2)
        #expect(Array(BatchSampler(SequentialSampler(0), batchSize: 2)).isEmpty)
    }

    @Test func theLoaderFollowsItsSampler() {
        let data = TensorDataset(Tensor.arange(0, 10).reshape(10, 1), Tensor.arange(0, 10))
        func labels(_ loader: DataLoader<TensorDataset>) -> [[Int]] {
            loader.map { $0.1.array(as: Int.self) }
        }
        let some = DataLoader(data, batchSize: 2, sampler: SubsetSampler([7, 7, 1]))
        #expect(labels(some) == [[7, 7], [1]] && some.count == 2)
        let paired = DataLoader(
            data, batches: BatchSampler(count: 2) { [[9], Generator.current.permutation(3)] })
        #expect(labels(paired)[0] == [9] && labels(paired)[1].sorted() == [0, 1, 2])
        #expect(throws: TensorError.self) {
            try catchingTensorErrors {
                for _ in DataLoader(data, sampler: SubsetSampler([10])) {}
            }
        }
        #expect(throws: TensorError.self) {
            try catchingTensorErrors {
                _ = DataLoader(data, shuffle: true, sampler: SequentialSampler(10))
            }
        }
    }
}
