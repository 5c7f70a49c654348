import Adjoint

/// A network and its optimiser, over tensors.
final class NetworkLearner: Learner {
    private let configuration: RunConfiguration
    private let network: Sequential
    private let optimizer: any Optimizer
    private let source: BatchSource?
    private let labels: [Int]

    /// A new network as `configuration` has it, which learns from `training`; without examples it
    /// can be loaded and asked, not trained.
    init(_ configuration: RunConfiguration, training: ExampleSet?) throws {
        self.configuration = configuration
        network = withGenerator(seed: configuration.seed) {
            Network.make(configuration.model, for: configuration.inputs)
        }
        let parameters = network.parameters()
        let rate = configuration.learningRate
        optimizer =
            switch configuration.optimizer {
            case .sgd: SGD(parameters, learningRate: rate, momentum: 0.9, weightDecay: 5e-4)
            case .adam: Adam(parameters, learningRate: rate)
            case .adamw: AdamW(parameters, learningRate: rate, weightDecay: 0.01)
            }
        source = training.map {
            BatchSource($0, inputs: configuration.inputs, kind: configuration.model)
        }
        labels = training?.labels ?? []
    }

    var parameters: [(name: String, tensor: Tensor)] { network.namedParameters() }

    func step(_ indices: [Int], learningRate: Double, seed: Int) -> (loss: Double, recognized: Int)
    {
        withGenerator(seed: seed) {
            let values = source?.batch(indices, seed: seed) ?? []
            let x = Tensor(values, shape: [indices.count] + configuration.inputs.shape)
            let y = Tensor(indices.map { labels[$0] }, shape: [indices.count])
            optimizer.learningRate = learningRate
            optimizer.zeroGrad(setToNil: true)
            let logits = network(x)
            let loss = crossEntropy(logits, y)
            loss.backward()
            optimizer.step()
            let right = noGrad { (logits.argmax(dim: 1) .== y).sum() }
            return (loss.item(as: Double.self), right.item(as: Int.self))
        }
    }

    func logits(_ examples: ExampleSet) -> [Float] {
        let values = configuration.inputs.normalized(examples)
        let width = examples.width
        let portion = 512
        network.eval()
        defer { network.train() }
        return noGrad {
            stride(from: 0, to: examples.count, by: portion).flatMap { start in
                let end = min(start + portion, examples.count)
                let x = Tensor(
                    Array(values[(start * width)..<(end * width)]),
                    shape: [end - start] + configuration.inputs.shape)
                return network(x).array(as: Float.self)
            }
        }
    }

    func saveModel(to path: String) throws { try save(network.stateDict(), to: path) }

    func loadModel(from path: String) throws { try take(load(from: path), path) }

    var state: (model: StateDict, optimizer: StateDict) {
        (network.stateDict(), optimizer.stateDict())
    }

    func restore(_ state: TrainingState, path: String) throws {
        try take(state.model, path)
        try optimizer.loadStateDict(state.optimizer)
    }

    private func take(_ state: StateDict, _ path: String) throws {
        do {
            try network.loadStateDict(state)
        } catch {
            throw RunError(
                "\(path) does not fit the network that its config.json describes (\(error))",
                advice: "give the folder of one run, unchanged")
        }
    }
}
