import AdjointTesting
import Foundation
import Testing

@testable import AdjointCore

@Suite struct FunctionalLossTests {
    private func close(_ x: Tensor, _ wanted: Double) -> Bool {
        ((x.item() as Double) - wanted).magnitude <= 1e-12 * Swift.max(1, wanted.magnitude)
    }

    @Test func marginsCountBelowThem() {
        let (x, y) = (numbers([0.5, 2, -1]), numbers([1, -1, -1]))
        #expect(values(hingeEmbeddingLoss(x, y, reduction: .none)) == [0.5, 0, 2])
        #expect(
            values(marginRankingLoss(x, numbers([0, 1, 1]), y, margin: 1, reduction: .none))
                == [0.5, 2, 0])
        #expect(close(softMarginLoss(numbers([1000]), numbers([-1])), 1000))
        #expect(
            values(
                cosineEmbeddingLoss(
                    numbers([3, 4]), numbers([6, 8]), numbers([1]).squeeze(), reduction: .none))!
                .allSatisfy { abs($0) < 1e-12 })
    }

    @Test func scoresAgainstTheTarget() {
        let x = numbers([0.1, 0.9, 0.4, 0.6], [2, 2])
        let y = Tensor([1, 0])
        // Rows: max(0, 1 - 0.9 + 0.1) / 2 and max(0, 1 - 0.4 + 0.6) / 2.
        #expect(close(multiMarginLoss(x, y, reduction: .sum), 0.7))
        #expect(close(multiMarginLoss(x, y, p: 2, weight: numbers([2, 1]), reduction: .sum), 1.46))
        #expect(close(multiMarginLoss(x[0], Tensor(0)), 0.9))
        expectError(.index) { _ = multiMarginLoss(x, Tensor([1, 2])) }
        expectError(.argument) { _ = multiMarginLoss(x, y, p: 3) }
        expectError(.shape) { _ = multiMarginLoss(x, Tensor([1])) }
        expectError(.dtype) { _ = multiMarginLoss(x.to(.float16), y) }
    }

    @Test func listsOfLabelsEndAtMinusOne() {
        let x = leaf([0.1, 0.2, 0.4, 0.8])
        // Labels 3 and 0: 0.1 - 0.8 and so on, over classes 1 and 2.
        let loss = multilabelMarginLoss(x, Tensor([3, 0, -1, 1]))
        #expect(close(loss, 0.85))
        loss.backward()
        #expect(values(x.grad) == [-0.5, 0.5, 0.5, -0.5])
        expectError(.index) { _ = multilabelMarginLoss(x, Tensor([4, 0, -1, 1])) }
        expectError(.index) { _ = multilabelMarginLoss(x, Tensor([-2, 0, -1, 1])) }
        expectError(.shape) { _ = multilabelMarginLoss(x, Tensor([0, -1])) }
    }

    @Test func likelihoods() {
        let (x, v) = (numbers([1, 2]), leaf([4, 0]))
        let loss = gaussianNllLoss(x, numbers([3, 2]), variance: v, eps: 0.25, reduction: .sum)
        #expect(close(loss, (Foundation.log(4) + 1 + Foundation.log(0.25)) / 2))
        loss.backward()
        // The bound of the variance is unseen: 1 / (2 · 0.25).
        #expect(values(v.grad) == [0, 2])
        expectError(.argument, "negative") {
            _ = gaussianNllLoss(x, x, variance: numbers([1, -1]))
        }
        expectError(.shape) { _ = gaussianNllLoss(x, x, variance: numbers([1, 1, 1])) }
        #expect(close(poissonNllLoss(numbers([0]), numbers([2])), 1))
        let rate = leaf([3])
        let count = leaf([0])
        poissonNllLoss(rate, count, logInput: false, full: true).backward()
        #expect(values(rate.grad) == [1] && values(count.grad)![0].isFinite)
        #expect(close(klDiv(numbers([0, 0]), numbers([1, 0]), reduction: .batchMean), 0))
        expectError(.shape) {
            _ = klDiv(numbers([0]).squeeze(), numbers([0]), reduction: .batchMean)
        }
    }

    @Test func triplets() {
        let (a, p, n) = (numbers([0, 0]), numbers([3, 4]), numbers([6, 8]))
        #expect(close(tripletMarginLoss(a, p, n, margin: 6, eps: 0), 1))
        #expect(close(tripletMarginLoss(a, p, n, margin: 6, eps: 0, swap: true), 6))
        let own = tripletMarginWithDistanceLoss(
            a, p, n, distance: { ($0 - $1).abs().sum(dim: -1) }, margin: 8)
        #expect(close(own, 1))
        expectError(.argument) { _ = tripletMarginLoss(a, p, n, margin: 0) }
        expectError(.shape) { _ = tripletMarginLoss(a, p.unsqueeze(0), n) }
    }

    @Test func poisonPassesThrough() throws {
        #expect(throws: TensorError.self) {
            try catchingTensorErrors {
                let bad = Tensor.zeros(2, 3) + Tensor.zeros(4)
                let y = Tensor([0, 1])
                _ =
                    multiMarginLoss(bad, y) + multilabelMarginLoss(bad, y)
                    + gaussianNllLoss(bad, bad, variance: bad) + groupNorm(bad, 2)
                _ = oneHot(bad)
                _ = fold(bad, outputSize: 2, kernelSize: 1)
                _ = scaledDotProductAttention(bad, bad, bad)
            }
        }
    }
}
