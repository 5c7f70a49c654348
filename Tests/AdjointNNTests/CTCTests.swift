import Adjoint
import AdjointTesting
import Foundation
import Testing

@Suite struct CTCTests {
    /// The loss by trying every path of `steps` classes.
    private func bruteForce(_ logProbs: Tensor, _ labels: [Int], steps: Int) -> Double {
        let classes = logProbs.shape[1]
        let chances = logProbs.array(as: Double.self)
        func total(_ path: [Int]) -> Double {
            if path.count < steps { return (0..<classes).map { total(path + [$0]) }.reduce(0, +) }
            var read: [Int] = []
            for (t, label) in path.enumerated() where t == 0 || path[t - 1] != label {
                if label != 0 { read.append(label) }
            }
            guard read == labels else { return 0 }
            return path.enumerated().reduce(1.0) { $0 * exp(chances[$1.0 * classes + $1.1]) }
        }
        return -log(total([]))
    }

    private func input() -> Tensor {
        withGenerator(seed: 11) { Tensor.randn(5, 3, 3, dtype: .float64) }
    }

    @Test("the loss sums over all alignments")
    func alignments() throws {
        let x = input().logSoftmax(dim: 2)
        let samples: [(labels: [Int], steps: Int)] = [([1, 2], 5), ([1, 1], 4), ([], 3)]
        let wanted = samples.enumerated().map { i, sample in
            bruteForce(x[.all, i], sample.labels, steps: sample.steps)
        }
        let (steps, counts) = (Tensor([5, 4, 3]), Tensor([2, 2, 0]))
        let table = Tensor([[1, 2], [1, 1], [0, 0]])
        let each = CTCLoss(reduction: .none)(x, table, steps, counts)
        try expectClose(each, Tensor(wanted))
        try expectClose(
            CTCLoss(reduction: .sum)(x, Tensor([1, 2, 1, 1]), steps, counts),
            Tensor(wanted.reduce(0, +)))
        try expectClose(
            CTCLoss()(x, table, steps, counts),
            Tensor((wanted[0] / 2 + wanted[1] / 2 + wanted[2]) / 3))
        let one = ctcLoss(
            x[.all, 0], table[0], inputLengths: Tensor(5), targetLengths: Tensor(2),
            reduction: .none)
        try expectClose(one, each[0])
        let lengths = Tensor([4, 3])
        #expect(
            gradcheck(
                { x in
                    ctcLoss(
                        x[.all, 0..<2].logSoftmax(dim: 2), table[0..<2], inputLengths: lengths,
                        targetLengths: Tensor([2, 2]), reduction: .sum)
                }, [input().requiresGrad_()]))
    }

    @Test("what has no alignment is infinite, or nothing")
    func impossible() {
        let x = Parameter(input().detach())
        let (table, steps, counts) = (Tensor([[1, 1]]), Tensor([2]), Tensor([2]))
        let sample = x[.all, 0..<1].logSoftmax(dim: 2)
        #expect(CTCLoss()(sample, table, steps, counts).item(as: Double.self) == .infinity)
        let none = CTCLoss(zeroInfinity: true)(sample, table, steps, counts)
        none.backward()
        #expect(none.item(as: Double.self) == 0)
        #expect(x.grad!.abs().sum().item(as: Double.self) == 0)
    }

    @Test("what does not fit is refused")
    func refusals() {
        let x = Tensor.zeros(5, 1, 3)
        let wrongs: [(TensorError.Kind, @Sendable () -> Void)] = [
            (.argument, { _ = CTCLoss()(x, Tensor([[1, 2]]), Tensor([6]), Tensor([2])) }),
            (.argument, { _ = CTCLoss()(x, Tensor([[1, 2]]), Tensor([5]), Tensor([3])) }),
            (.argument, { _ = CTCLoss()(x, Tensor([1, 2]), Tensor([5]), Tensor([1])) }),
            (.argument, { _ = CTCLoss()(x, Tensor([[1, 2]]), Tensor([5, 5]), Tensor([2])) }),
            (.index, { _ = CTCLoss()(x, Tensor([[1, 3]]), Tensor([5]), Tensor([2])) }),
            (.index, { _ = CTCLoss(blank: -1)(x, Tensor([[1, 2]]), Tensor([5]), Tensor([2])) }),
            (.shape, { _ = CTCLoss()(Tensor.zeros(3), Tensor([1]), Tensor([1]), Tensor([1])) }),
            (.dtype, { _ = CTCLoss()(x, Tensor([[1.0, 2]]), Tensor([5]), Tensor([2])) }),
        ]
        for (kind, wrong) in wrongs {
            #expect { try catchingTensorErrors { wrong() } } throws: {
                ($0 as? TensorError)?.kind == kind
            }
        }
    }
}
