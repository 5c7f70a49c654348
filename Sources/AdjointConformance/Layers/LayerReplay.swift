import AdjointCore
import AdjointNN

/// A layer of PyTorch with its state, called once forwards and once backwards.
///
/// A line has the keys `layer` (the name), `options` (by PyTorch's names), `mode`, `state`, `call`
/// (how the inputs are given), `inputs`, `outputs`, `grad_outputs`, `grad_inputs`,
/// `grad_parameters` and `state_after`.
struct LayerReplay {
    private let name: String
    private let options: [String: RecordedArgument]
    private let optionTensors: [RecordedTensor]
    private let call: String?
    private let mode: String
    private let state: [String: RecordedTensor]
    private let inputs: [RecordedTensor]
    private let outputs: [RecordedTensor]
    private let gradOutputs: [RecordedTensor?]
    private let gradInputs: [RecordedTensor?]
    private let gradParameters: [String: RecordedTensor?]
    private let stateAfter: [String: RecordedTensor]

    init(_ object: [String: Any]) throws {
        guard let name = object["layer"] as? String, let mode = object["mode"] as? String,
            ["train", "eval"].contains(mode)
        else { throw Malformed("'layer' is no text, or 'mode' is neither train nor eval") }
        self.name = name
        self.mode = mode
        call = object["call"] as? String
        var options: [String: RecordedArgument] = [:]
        var tensors: [RecordedTensor] = []
        for (key, value) in object["options"] as? [String: Any] ?? [:] {
            if let tensor = value as? [String: Any], tensor["data"] != nil {
                options[key] = .tensor(tensors.count)
                tensors.append(try RecordedTensor(json: tensor))
            } else {
                options[key] = try RecordedArgument(json: value)
            }
        }
        (self.options, optionTensors) = (options, tensors)
        func list(_ key: String) throws -> [RecordedTensor?] {
            guard let list = object[key] as? [Any] else { throw Malformed("'\(key)' is no list") }
            return try list.map { try LayerReplay.tensor($0) }
        }
        func named(_ key: String) throws -> [String: RecordedTensor?] {
            guard let named = object[key] as? [String: Any] else {
                throw Malformed("'\(key)' is no object")
            }
            return try named.mapValues { try LayerReplay.tensor($0) }
        }
        state = try named("state").compactMapValues { $0 }
        inputs = try list("inputs").compactMap { $0 }
        outputs = try list("outputs").compactMap { $0 }
        gradOutputs = try list("grad_outputs")
        gradInputs = try list("grad_inputs")
        gradParameters = try named("grad_parameters")
        stateAfter = try named("state_after").compactMapValues { $0 }
        guard gradOutputs.count == outputs.count, gradInputs.count == inputs.count else {
            throw Malformed("there is not one gradient for each input and output")
        }
    }

    private static func tensor(_ json: Any) throws -> RecordedTensor? {
        json is [String: Any] ? try RecordedTensor(json: json) : nil
    }

    private var tolerance: Tolerance { .network }

    /// Throws what differs first.
    func run() throws {
        try catchingTensorErrors {
            let arguments = Arguments([], options, optionTensors.map { $0.tensor() })
            guard let make = LayerTable.all[name] else {
                throw Mismatch("there is no such layer here")
            }
            let layer = try make(arguments)
            guard arguments.unread.isEmpty else {
                throw Mismatch(
                    "the layer has no option \(arguments.unread.joined(separator: ", "))")
            }
            try layer.module.loadStateDict(state.mapValues { $0.tensor() })
            layer.module.train(mode == "train")
            let given = inputs.map { recorded in
                let tensor = recorded.tensor()
                return tensor.dtype.isFloatingPoint ? tensor.requiresGrad_() : tensor
            }
            let results = try layer.call(given, call)
            try compareOutputs(results)
            try compareGradients(results, given, layer.module)
            try compareState(layer.module)
        }
    }

    private func compareOutputs(_ results: [Tensor]) throws {
        guard results.count == outputs.count else {
            throw Mismatch("\(results.count) outputs instead of \(outputs.count)")
        }
        for (i, (got, want)) in zip(results, outputs).enumerated() {
            if got.dtype != want.dtype {
                throw Mismatch("output \(i) is \(got.dtype) instead of \(want.dtype)")
            }
            try tolerance.compare(got, want, "output \(i)")
        }
    }

    private func compareGradients(_ results: [Tensor], _ given: [Tensor], _ module: any Module)
        throws
    {
        var roots: [Tensor] = []
        var cotangents: [Tensor?] = []
        for (result, cotangent) in zip(results, gradOutputs) {
            guard let cotangent, result.requiresGrad else { continue }
            roots.append(result)
            cotangents.append(cotangent.tensor())
        }
        if !roots.isEmpty { backward(roots, gradients: cotangents) }
        for (i, (input, want)) in zip(given, gradInputs).enumerated() {
            try compare(input.grad, want, "the gradient of input \(i)")
        }
        let parameters = module.namedParameters()
        try compareNames(parameters.map(\.name), gradParameters.keys, "parameters")
        for (name, parameter) in parameters {
            try compare(
                parameter.grad, gradParameters[name] ?? nil, "the gradient of '\(name)'")
        }
    }

    private func compareState(_ module: any Module) throws {
        let state = module.stateDict()
        try compareNames(state.keys, stateAfter.keys, "state names")
        for (name, want) in stateAfter {
            guard let got = state[name] else { continue }
            try tolerance.compare(got, want, "'\(name)' afterwards")
        }
    }

    /// No gradient, and one that is all zeros, are equal.
    private func compare(_ got: Tensor?, _ want: RecordedTensor?, _ part: String) throws {
        switch (got, want) {
        case (let got?, let want?): try tolerance.compare(got, want, part)
        case (let got?, nil): try tolerance.compareZeros(got.values, part)
        case (nil, let want?): try tolerance.compareZeros(want.values, part)
        case (nil, nil): break
        }
    }

    private func compareNames(
        _ got: some Sequence<String>, _ want: some Sequence<String>, _ part: String
    ) throws {
        let (got, want) = (got.sorted(), want.sorted())
        if got != want { throw Mismatch("the \(part) are \(got) instead of \(want)") }
    }
}
