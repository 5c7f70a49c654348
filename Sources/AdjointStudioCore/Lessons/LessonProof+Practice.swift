import Adjoint
import AdjointCore
import AdjointNN
import AdjointOptim

extension LessonProof {
    /// `training` and `pitfalls`.
    static let practice: [String: Body] = [
        "training.steps": { .number(Double(line().losses.count)) },
        "training.weight": { rounded(line().model.weight) },
        "training.bias": { rounded(line().model.bias) },
        "training.answer": {
            let model = line().model
            return rounded(noGrad { model(Tensor([[10.0]])) })
        },
        "pitfalls.walked": { .numbers(walk(zeroing: true)) },
        "pitfalls.stumbled": { .numbers(walk(zeroing: false)) },
        "pitfalls.inPlace": {
            let x = watched(0, 1)
            let saved = try errorKind {
                let y = x.exp()
                y.add_(1)
                y.sum().backward()
            }
            return saved == (try errorKind { _ = x.add_(1) }) ? saved : .text("they differ")
        },
        "pitfalls.mended": {
            let x = watched(0, 1)
            (x.exp() + 1).sum().backward()
            return rounded(x.grad)
        },
        "pitfalls.device": {
            let here = Tensor([1.0, 2.0])
            return try errorKind { _ = here + here.to(.meta) }
        },
        "pitfalls.conversion": {
            let y = watched(0, 1) ** 2
            return try errorKind { _ = y.withUnsafeBuffer(of: Float.self) { $0[1] } }
        },
        "pitfalls.safe": {
            let z = watched(0, 4)
            let weight = Tensor([0.0, 1.0])
            (weight * z.sqrt()).sum().backward()
            guard z.grad!.array(as: Double.self)[0].isNaN else { return .text("no NaN") }
            z.grad = nil
            Tensor.where(weight .> 0, weight * z.sqrt(), Tensor(0.0)).sum().backward()
            return value(z.grad)
        },
    ]

    /// A model that learned y = 2x + 1 from four points, and its losses.
    private static func line() -> (model: Linear, losses: [Double]) {
        withGenerator(seed: 0) {
            let inputs = Tensor([[-1.0], [0.0], [1.0], [2.0]])
            let targets = 2 * inputs + 1
            let model = Linear(1, 1)
            let optimizer = SGD(model.parameters(), learningRate: 0.1)
            var losses: [Double] = []
            for _ in 0..<200 {
                optimizer.zeroGrad()
                let loss = mseLoss(model(inputs), targets)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
            }
            return (model, losses)
        }
    }

    private static func walk(zeroing: Bool) -> [Double] {
        let weight = watched(1)
        let optimizer = SGD([weight], learningRate: 0.125)
        return (0..<3).map { _ in
            if zeroing { optimizer.zeroGrad() }
            (weight * 2).backward()
            optimizer.step()
            return weight.item()
        }
    }
}
