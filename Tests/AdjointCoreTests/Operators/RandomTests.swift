import Testing

@testable import AdjointCore

/// Random tensors: seeds, ranges, and what may not be asked for.
@Suite struct RandomTests {
    @Test func aSeedDecidesWhatIsDrawn() {
        let draw = { withGenerator(seed: 7) { values(Tensor.randn(50) + Tensor.rand(50)) } }
        #expect(draw() == draw())
        #expect(draw() != withGenerator(seed: 8) { values(Tensor.randn(50) + Tensor.rand(50)) })
        let (first, second) = withGenerator(seed: 7) { (Tensor.rand(50), Tensor.rand(50)) }
        #expect(values(first) != values(second))
    }

    @Test(arguments: [DType.float32, .float64, .float16, .bfloat16])
    func uniformNumbersStayBelowOne(_ dtype: DType) {
        withGenerator(seed: 1) {
            let drawn = Tensor.rand([100_000], dtype: dtype).to(.float64)
            #expect(drawn.min().item() >= 0.0 && drawn.max().item() < 1.0)
            #expect(abs(drawn.mean().item() - 0.5) < 0.01)
            let placed = Tensor.zeros([1000], dtype: dtype).uniform_(2, 3).to(.float64)
            #expect(placed.min().item() >= 2.0 && placed.max().item() <= 3.0)
        }
    }

    @Test func momentsAndFrequenciesAreRight() {
        withGenerator(seed: 2) {
            let normal = Tensor.normal(mean: 2, std: 3, [100_000], dtype: .float64)
            #expect(abs(normal.mean().item() - 2) < 0.05 && abs(normal.std().item() - 3) < 0.05)
            let coins = Tensor.bernoulli(0.3, 100_000)
            #expect(abs(coins.mean(dtype: .float64).item() - 0.3) < 0.01)
            let dice = Tensor.randint(1, 7, [60_000])
            for face in 1...6 {
                let share = (dice .== face).sum().item(as: Double.self) / 60_000
                #expect(abs(share - 1.0 / 6) < 0.01)
            }
            let order = Tensor.randperm(100).array(as: Int.self)
            #expect(order != Array(0..<100) && order.sorted() == Array(0..<100))
        }
    }

    @Test func mistakesAreTyped() {
        expectError(.dtype) { _ = Tensor.rand(2, dtype: .int64) }
        expectError(.argument) { _ = Tensor.randint(3, 3, [2]) }
        expectError(.argument) { _ = Tensor.bernoulli(1.5, 2) }
        expectError(.argument) { _ = Tensor.normal(std: -1, [2]) }
        expectError(.argument) { _ = Tensor.randperm(-1) }
        expectError(.inPlace, "leaf") { leaf([1]).normal_() }
        #expect(Tensor.rand(2, 3, device: .meta).shape == [2, 3])
    }
}
