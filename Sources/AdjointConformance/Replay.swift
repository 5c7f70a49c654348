import AdjointCore

/// How the inputs of a case are given.
enum Style: String, Sendable, CaseIterable {
    /// As they were recorded.
    case plain
    /// The same values, in memory that is not contiguous.
    case strided
    /// In single precision.
    case float32
}

/// Makes a recorded call again, and compares everything that the case says with what came out.
struct Replay {
    let recorded: Case
    let call: Call
    let style: Style

    /// Throws what differs first.
    func run() throws {
        try catchingTensorErrors {
            let inputs = recorded.inputs.map { input($0.tensor, $0.requiresGrad) }
            let results = try results(inputs)
            try compareValues(results)
            if let gradOut = recorded.gradOut { try compareGradients(results, gradOut, inputs) }
        }
        if let jvp = recorded.jvp {
            try catchingTensorErrors { try compareTangents(jvp) }
        }
    }

    private var isSingle: Bool { style == .float32 }
    private var tolerance: Tolerance {
        isSingle
            ? Tolerance(absolute: 1e-4, relative: 1e-4)
            : Tolerance(absolute: 1e-9, relative: 1e-7)
    }

    private func tensor(_ recorded: RecordedTensor) -> Tensor {
        recorded.tensor(floating: isSingle && recorded.dtype == .float64 ? .float32 : nil)
    }

    private func input(_ recorded: RecordedTensor, _ requiresGrad: Bool) -> Tensor {
        var made = tensor(recorded)
        if style == .strided { made = made.strided() }
        return made.requiresGrad_(requiresGrad)
    }

    /// What the call gives, decompositions aligned with what was recorded.
    private func results(_ inputs: [Tensor]) throws -> [any CallResult] {
        let arguments = Arguments(recorded.args, recorded.kwargs, inputs)
        let results = try call(arguments)
        guard arguments.unread.isEmpty else {
            throw Mismatch("the call does not read \(arguments.unread.joined(separator: ", "))")
        }
        guard results.count == recorded.out.count else {
            throw Mismatch("\(results.count) results instead of \(recorded.out.count)")
        }
        return Alignment.align(results, with: recorded)
    }

    // MARK: Values

    private func compareValues(_ results: [any CallResult]) throws {
        for (i, (got, want)) in zip(results, recorded.out).enumerated() {
            let part = results.count == 1 ? "value" : "value \(i)"
            switch (got, want) {
            case (let got as Tensor, .tensor(let want)):
                if style != .float32, got.dtype != want.dtype {
                    throw Mismatch("\(part) is \(got.dtype) instead of \(want.dtype)")
                }
                try tolerance.compare(got, want, part)
            case (let got, .value(let want)):
                guard Replay.equal(got, want) else {
                    throw Mismatch("\(part) is \(got) instead of \(want)")
                }
            case (let got, .tensor): throw Mismatch("\(part) is \(got) instead of a tensor")
            }
        }
    }

    private static func equal(_ got: any CallResult, _ want: RecordedArgument) -> Bool {
        switch (got, want) {
        case (let got as Bool, .bool(let want)): got == want
        case (let got as Int, .int(let want)): got == want
        case (let got as Double, .float(let want)): got == want || (got.isNaN && want.isNaN)
        case (let got as Double, .int(let want)): got == Double(want)
        default: false
        }
    }

    // MARK: Reverse mode

    private func compareGradients(
        _ results: [any CallResult], _ gradOut: [RecordedTensor?], _ inputs: [Tensor]
    ) throws {
        var roots: [Tensor] = []
        var cotangents: [Tensor] = []
        for (result, cotangent) in zip(results, gradOut) {
            guard let result = result as? Tensor, let cotangent, result.requiresGrad else {
                continue
            }
            roots.append(result)
            cotangents.append(tensor(cotangent).to(result.dtype))
        }
        let leaves = recorded.inputs.indices.filter { recorded.inputs[$0].requiresGrad }
        let wantsSecond = recorded.gradGrad != nil && !isUnstableInSingle
        let first = gradients(of: roots, cotangents, inputs, leaves, createGraph: wantsSecond)
        if let want = recorded.grad { try compare(first, want, "grad") }

        guard wantsSecond, let want = recorded.gradGrad, let directions = recorded.gradDirection
        else { return }
        var products: [Tensor] = []
        for (gradient, direction) in zip(first, directions) {
            guard let gradient, let direction, gradient.requiresGrad else { continue }
            products.append((gradient * tensor(direction).to(gradient.dtype)).sum())
        }
        let second = gradients(of: products, nil, inputs, leaves, createGraph: false)
        try compare(second, want, "gradgrad")
    }

    /// PyTorch itself misses the tolerance of single precision there.
    private var isUnstableInSingle: Bool {
        isSingle && recorded.op == "nn.functional.normalize"
    }

    /// The gradients of the inputs; nil where none flows.
    private func gradients(
        of roots: [Tensor], _ cotangents: [Tensor]?, _ inputs: [Tensor], _ leaves: [Int],
        createGraph: Bool
    ) -> [Tensor?] {
        var all = [Tensor?](repeating: nil, count: inputs.count)
        guard !roots.isEmpty, !leaves.isEmpty else { return all }
        let found = grads(
            of: roots, wrt: leaves.map { inputs[$0] }, gradients: cotangents,
            createGraph: createGraph, unused: .nil)
        for (i, gradient) in zip(leaves, found) { all[i] = gradient }
        return all
    }

    // MARK: Forward mode

    private func compareTangents(_ jvp: [RecordedTensor?]) throws {
        guard let tangents = recorded.tangent else {
            throw Malformed("a case with 'jvp' needs 'tangent'")
        }
        try forwardMode { level in
            let inputs = zip(recorded.inputs, tangents).map { recorded, tangent in
                let primal = input(recorded.tensor, false)
                guard let tangent else { return primal }
                return level.makeDual(primal, tangent: tensor(tangent).to(primal.dtype))
            }
            let got = try results(inputs).map {
                ($0 as? Tensor).flatMap { level.unpackDual($0).tangent }
            }
            try compare(got, jvp, "jvp")
        }
    }

    /// Compares list with list; nil is all zeros.
    private func compare(_ got: [Tensor?], _ want: [RecordedTensor?], _ part: String) throws {
        for (i, (got, want)) in zip(got, want).enumerated() {
            let part = "\(part)[\(i)]"
            switch (got, want) {
            case (let got?, let want?):
                if style != .float32, got.dtype != want.dtype {
                    throw Mismatch("\(part) is \(got.dtype) instead of \(want.dtype)")
                }
                try tolerance.compare(got, want, part)
            case (let got?, nil): try tolerance.compareZeros(got.values, part)
            case (nil, let want?): try tolerance.compareZeros(want.values, part)
            case (nil, nil): break
            }
        }
    }
}

extension Tensor {
    /// The elements as float64, row-major.
    var values: [Double] { detach().array(as: Double.self) }

    /// A tensor of the same values whose elements do not lie one after the other, as far as its
    /// shape allows that.
    fileprivate func strided() -> Tensor {
        guard ndim > 0, numel > 0 else { return self }
        if ndim > 1 { return transpose(0, -1).contiguous().transpose(0, -1) }
        let apart = Tensor.stack([self, Tensor.zerosLike(self)], dim: 1)
        return apart.transpose(0, 1)[0]
    }
}
