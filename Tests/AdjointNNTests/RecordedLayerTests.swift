import Adjoint
import AdjointTesting
import Testing

/// One call of a layer, with all that PyTorch computed.
struct RecordedLayer: Decodable, Sendable, CustomTestStringConvertible {
    let layer: String
    let options: [String: RecordedOption]
    let mode: String
    let state: [String: RecordedTensor]
    let inputs: [RecordedTensor]
    let outputs: [RecordedTensor]
    let gradOutputs: [RecordedTensor]
    let gradInputs: [RecordedTensor?]
    let gradParameters: [String: RecordedTensor]
    let stateAfter: [String: RecordedTensor]

    enum CodingKeys: String, CodingKey {
        case layer, options, mode, state, inputs, outputs
        case gradOutputs = "grad_outputs"
        case gradInputs = "grad_inputs"
        case gradParameters = "grad_parameters"
        case stateAfter = "state_after"
    }

    var testDescription: String { "\(layer) \(options)" }

    private func sizes(_ name: String, _ standard: Int) -> [Int] {
        options[name]?.sizes ?? [standard]
    }
    private func int(_ name: String, _ standard: Int) -> Int { options[name]?.int ?? standard }
    private func bool(_ name: String, _ standard: Bool) -> Bool {
        options[name]?.bool ?? standard
    }

    /// The layer, or nil where the line records a loss.
    func make() -> (any Layer)? {
        switch layer {
        case "Linear":
            return Linear(
                int("in_features", 0), int("out_features", 0), bias: bool("bias", true),
                dtype: .float64)
        case "Conv1d":
            return Conv1d(
                int("in_channels", 0), int("out_channels", 0), kernelSize: sizes("kernel_size", 1),
                stride: sizes("stride", 1), padding: sizes("padding", 0),
                dilation: sizes("dilation", 1), groups: int("groups", 1), bias: bool("bias", true),
                dtype: .float64)
        case "Conv2d":
            return Conv2d(
                int("in_channels", 0), int("out_channels", 0), kernelSize: sizes("kernel_size", 1),
                stride: sizes("stride", 1), padding: sizes("padding", 0),
                dilation: sizes("dilation", 1), groups: int("groups", 1), bias: bool("bias", true),
                dtype: .float64)
        case "Conv3d":
            return Conv3d(
                int("in_channels", 0), int("out_channels", 0), kernelSize: sizes("kernel_size", 1),
                dtype: .float64)
        case "MaxPool2d":
            return MaxPool2d(
                sizes("kernel_size", 1), stride: sizes("stride", 1), padding: sizes("padding", 0))
        case "AvgPool2d":
            return AvgPool2d(
                sizes("kernel_size", 1), ceilMode: bool("ceil_mode", false),
                countIncludePad: bool("count_include_pad", true))
        case "BatchNorm1d", "BatchNorm2d":
            var momentum: Double? = 0.1
            if let option = options["momentum"] { momentum = option.double }
            let (count, affine, tracks) = (
                int("num_features", 0), bool("affine", true), bool("track_running_stats", true)
            )
            return layer == "BatchNorm1d"
                ? BatchNorm1d(
                    count, momentum: momentum, affine: affine, trackRunningStats: tracks,
                    dtype: .float64)
                : BatchNorm2d(
                    count, momentum: momentum, affine: affine, trackRunningStats: tracks,
                    dtype: .float64)
        case "LayerNorm": return LayerNorm(sizes("normalized_shape", 1), dtype: .float64)
        case "Embedding":
            return Embedding(
                int("num_embeddings", 0), int("embedding_dim", 0),
                paddingIndex: options["padding_idx"]?.int, dtype: .float64)
        case "GELU": return GELU(approximate: options["approximate"] == nil ? .none : .tanh)
        case "Softmax": return Softmax(dim: int("dim", -1))
        case "Flatten": return Flatten(startDim: int("start_dim", 1))
        default: return nil
        }
    }

    func loss(_ x: Tensor, _ target: Tensor) -> Tensor? {
        let reduction: Reduction =
            switch options["reduction"]?.text {
            case "sum": .sum
            case "none": .none
            default: .mean
            }
        switch layer {
        case "CrossEntropyLoss":
            return crossEntropy(
                x, target, ignoreIndex: int("ignore_index", -100), reduction: reduction,
                labelSmoothing: options["label_smoothing"]?.double ?? 0)
        case "NLLLoss": return nllLoss(x, target, reduction: reduction)
        case "MSELoss": return mseLoss(x, target, reduction: reduction)
        case "L1Loss": return l1Loss(x, target, reduction: reduction)
        case "SmoothL1Loss":
            return smoothL1Loss(
                x, target, reduction: reduction, beta: options["beta"]?.double ?? 1)
        case "HuberLoss":
            return huberLoss(
                x, target, reduction: reduction, delta: options["delta"]?.double ?? 1)
        case "BCEWithLogitsLoss":
            return binaryCrossEntropyWithLogits(x, target, reduction: reduction)
        default: return nil
        }
    }
}

@Suite struct RecordedLayerTests {
    static let lines = (try? recordedLines("layers.jsonl", as: RecordedLayer.self)) ?? []

    @Test func fixturesAreThere() { #expect(RecordedLayerTests.lines.count == 30) }

    /// Outputs, gradients and running statistics are those of PyTorch.
    @Test(arguments: RecordedLayerTests.lines) func agrees(_ recorded: RecordedLayer) throws {
        func check(_ actual: Tensor?, _ wanted: RecordedTensor) throws {
            try expectClose(try #require(actual), wanted.tensor, atol: 1e-8, rtol: 1e-6)
        }
        let inputs = recorded.inputs.map { recorded in
            let tensor = recorded.tensor
            return tensor.dtype.isFloatingPoint ? tensor.requiresGrad_() : tensor
        }
        let layer = recorded.make()
        if let layer {
            try layer.loadStateDict(recorded.state.mapValues(\.tensor))
            layer.train(recorded.mode == "train")
        }
        let output = try #require(
            layer.map { $0(inputs[0]) }
                ?? (inputs.count > 1 ? recorded.loss(inputs[0], inputs[1]) : nil))
        try check(output, recorded.outputs[0])
        output.backward(gradient: recorded.gradOutputs[0].tensor)
        for (input, wanted) in zip(inputs, recorded.gradInputs) {
            if let wanted { try check(input.grad, wanted) }
        }
        guard let layer else { return }
        let parameters = Dictionary(
            uniqueKeysWithValues: layer.namedParameters().map { ($0.name, $0.tensor) })
        #expect(parameters.keys.sorted() == recorded.gradParameters.keys.sorted())
        for (name, wanted) in recorded.gradParameters { try check(parameters[name]?.grad, wanted) }
        let state = layer.stateDict()
        #expect(state.keys.sorted() == recorded.stateAfter.keys.sorted())
        for (name, wanted) in recorded.stateAfter { try check(state[name], wanted) }
    }
}
