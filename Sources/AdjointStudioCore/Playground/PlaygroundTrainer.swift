import Adjoint

/// Trains the playground's network; every number that the page shows comes from here.
struct PlaygroundTrainer {
    /// What was measured after a step.
    struct Measure: Sendable, Encodable, Equatable {
        var step: Int
        /// The mean loss of the step's batch, before the step.
        var loss: Double
        /// The share of all points that are told rightly.
        var accuracy: Double
        /// The Euclidean norm of each parameter's gradient, by name, in order.
        var gradients: [Gradient]

        struct Gradient: Sendable, Encodable, Equatable {
            var name: String
            var norm: Double
        }
    }

    /// The side of the map of decisions, in cells.
    static let side = 48

    let model: PlaygroundNet
    private let optimizer: any Optimizer
    private let settings: PlaygroundSettings
    private let inputs: Tensor
    private let targets: Tensor
    private let grid: Tensor
    private(set) var step = 0

    init(_ settings: PlaygroundSettings) {
        self.settings = settings
        let model = withGenerator(seed: settings.seed) { PlaygroundNet(settings) }
        self.model = model
        optimizer =
            switch settings.optimizer {
            case .sgd: SGD(model.parameters(), learningRate: settings.learningRate)
            case .momentum:
                SGD(model.parameters(), learningRate: settings.learningRate, momentum: 0.9)
            case .adam: Adam(model.parameters(), learningRate: settings.learningRate)
            }
        let points = settings.points.points
        inputs = Tensor(points.flatMap { [$0.x, $0.y] }, shape: [points.count, 2])
        targets = Tensor(points.map { Float($0.label) }, shape: [points.count, 1])
        let side = Self.side
        // Row by row from the top, as a picture is read.
        let cells = (0..<side * side).flatMap { cell -> [Float] in
            let x = (Float(cell % side) + 0.5) / Float(side) * 2 - 1
            let y = 1 - (Float(cell / side) + 0.5) / Float(side) * 2
            return [x, y]
        }
        grid = Tensor(cells, shape: [side * side, 2])
    }

    /// One step of the optimiser on the next batch.
    mutating func takeStep() -> Measure {
        let count = inputs.shape[0], size = min(settings.batchSize, count)
        let perEpoch = (count + size - 1) / size
        let order = withGenerator(seed: settings.seed &+ 1 + step / perEpoch) {
            Tensor.randperm(count)
        }
        let start = step % perEpoch * size
        let batch = order.narrow(dim: 0, start: start, length: min(size, count - start))
        optimizer.zeroGrad(setToNil: true)
        let logits = model(inputs.indexSelect(dim: 0, index: batch))
        let loss = binaryCrossEntropyWithLogits(
            logits, targets.indexSelect(dim: 0, index: batch))
        loss.backward()
        let gradients = model.namedParameters().map { name, parameter in
            Measure.Gradient(
                name: name, norm: parameter.grad.map { $0.norm().item() as Double } ?? 0)
        }
        optimizer.step()
        step += 1
        return Measure(
            step: step, loss: loss.item(), accuracy: accuracy(), gradients: gradients)
    }

    /// The share of all points that are told rightly.
    func accuracy() -> Double {
        noGrad {
            ((model(inputs) .> 0).to(.float32) .== targets).to(.float32).mean().item()
        }
    }

    /// The probability of class 1 in each cell, from 0 to 255, row by row from the top.
    func map() -> [UInt8] {
        noGrad {
            (model(grid).sigmoid() * 255).round().clamp(min: 0, max: 255).array(as: UInt8.self)
        }
    }
}
