import AdjointCore

// Every dtype that the operation says it takes, against its float64 result; and no other.

extension Trial {
    func dtypes() -> [Finding] {
        guard let first = sample.inputs.first, first.takesGradient else { return [] }
        var found: [Finding] = []
        var accepted: [DType] = []
        for dtype in DType.allCases {
            if !info.dtypes.contains(dtype) {
                accepted += accepts(dtype) ? [dtype] : []
            } else if info.family == .random {
                // Each dtype draws its own numbers.
                continue
            } else if dtype.isFloatingPoint {
                found += floating(dtype)
            } else {
                found += whole(dtype)
            }
        }
        if accepted.isEmpty { return found }
        return found + [finding("takes \(accepted), which are not among its dtypes")]
    }

    /// The numbers as `dtype`, positions and masks as they are.
    private func cast(_ tensors: [Tensor], _ dtype: DType) -> [Tensor] {
        tensors.enumerated().map { sample.inputs[$0].takesGradient ? $1.to(dtype) : $1 }
    }

    /// False where the dtype is refused by an error of kind `.dtype`.
    private func accepts(_ dtype: DType) -> Bool {
        do {
            _ = try catchingTensorErrors { run(cast(inputs, dtype)) }
            return true
        } catch let error as TensorError where error.kind == .dtype {
            return false
        } catch {
            return true
        }
    }

    /// Relative and absolute distance to the float64 result: a few units in the last place of a
    /// sum of some dozens.
    private func tolerance(_ dtype: DType) -> Double {
        switch dtype {
        case .float16: 8e-3
        case .bfloat16: 6e-2
        case .float32: 2e-5
        default: 1e-12
        }
    }

    private func floating(_ dtype: DType) -> [Finding] {
        let rounded = cast(inputs, dtype)
        let exact = cast(rounded, .float64)
        let (results, expected) = (run(rounded), run(exact))
        let bound = tolerance(dtype)
        for (k, (result, wanted)) in zip(results, expected).enumerated() {
            // The main result has the dtype of the input; the others, statistics say, may have
            // the one that arithmetic runs in.
            let isSame = result.dtype == wanted.dtype || result.dtype == dtype
            let isWider = k > 0 && result.dtype == .float32 && dtype != .float64
            if !isSame && !isWider {
                return [finding("\(dtype) gives a result of dtype \(result.dtype)")]
            }
            if let text = difference(result, wanted, bound, bound) {
                return [finding("\(dtype), result \(k): \(text)")]
            }
        }
        guard isSmooth else { return [] }
        let gradients = gradients(rounded, numbers)
        let reference = self.gradients(exact, numbers)
        for (k, i) in numbers.enumerated() {
            if gradients[k].dtype != dtype {
                return [finding("\(dtype): the gradient of input \(i) is \(gradients[k].dtype)")]
            }
            if let text = difference(gradients[k], reference[k], bound * 4, bound * 4) {
                return [finding("\(dtype), gradient of input \(i): \(text)")]
            }
        }
        return tangentTypes(rounded, dtype)
    }

    private func tangentTypes(_ rounded: [Tensor], _ dtype: DType) -> [Finding] {
        var directions: [Int: Tensor] = [:]
        for i in numbers { directions[i] = random(like: rounded[i], 200 + i) }
        for (k, (value, tangent)) in push(rounded, directions).enumerated() {
            if let tangent, tangent.dtype != value.dtype {
                return [finding("\(dtype): the tangent of result \(k) is \(tangent.dtype)")]
            }
        }
        return []
    }

    /// Whole numbers in the sample's range, against the float64 result where there is one.
    private func whole(_ dtype: DType) -> [Finding] {
        guard let numbers = wholeInputs(dtype) else { return [] }
        let results: [Tensor]
        do {
            results = try catchingTensorErrors { run(numbers) }
        } catch let error as TensorError where error.kind == .argument {
            // A parameter that has no meaning for whole numbers, such as the power -1.
            return []
        } catch {
            // A parameter may rule out a dtype that the operation takes otherwise.
            let isTaken = type(of: op).samples.contains { Trial($0, sweep).accepts(dtype) }
            return isTaken ? [] : [finding("\(dtype): \(error)")]
        }
        guard info.dtypes.contains(.float64),
            let expected = try? catchingTensorErrors({ run(cast(numbers, .float64)) })
        else { return [] }
        for (k, (result, wanted)) in zip(results, expected).enumerated() {
            let bound = result.dtype.isFloatingPoint ? tolerance(result.dtype) : 0
            if let text = difference(result, wrapped(wanted, result.dtype), bound, bound) {
                return [finding("\(dtype), result \(k): \(text)")]
            }
            if result.requiresGrad { return [finding("a result of \(dtype) requires gradients")] }
        }
        return []
    }

    /// The numbers as a narrow type holds them: whole numbers wrap, and any but 0 is true.
    private func wrapped(_ exact: Tensor, _ dtype: DType) -> Tensor {
        if dtype.isFloatingPoint { return exact }
        let wrapped: [Double] = exact.array(as: Double.self).map { value in
            guard value.isFinite else { return value }
            switch dtype {
            case .bool: return value == 0 ? 0 : 1
            case .uint8: return Double(UInt8(truncatingIfNeeded: Int(value)))
            case .int8: return Double(Int8(truncatingIfNeeded: Int(value)))
            default: return value.rounded(.towardZero)
            }
        }
        return Tensor(wrapped, shape: exact.shape)
    }

    /// Nil where no whole number of the dtype lies in a sample's range.
    private func wholeInputs(_ dtype: DType) -> [Tensor]? {
        var source = SplitMix(seed: 5)
        var made: [Tensor] = []
        for (input, tensor) in zip(sample.inputs, inputs) {
            let values: [Int]
            switch input.values {
            case .indices, .mask:
                made.append(tensor)
                continue
            case .uniform(let low, let high):
                let floor = dtype == .uint8 || dtype == .bool ? Swift.max(low, 0) : low
                let ceiling = dtype == .bool ? Swift.min(high, 1) : high
                let (least, most) = (floor.rounded(.up), ceiling.rounded(.down))
                if least > most { return nil }
                values = (0..<tensor.numel).map { _ in
                    Int.random(in: Int(least)...Int(most), using: &source)
                }
            case .distinct:
                if dtype == .bool { return nil }
                values = Array(0..<tensor.numel).shuffled(using: &source)
            case .these(let numbers):
                let least: Double = dtype == .uint8 || dtype == .bool ? 0 : -128
                let most: Double = dtype == .bool ? 1 : 127
                let fitting = numbers.filter { $0 == $0.rounded() && $0 >= least && $0 <= most }
                if fitting.isEmpty { return nil }
                values = (0..<tensor.numel).map { Int(fitting[$0 % fitting.count]) }
            }
            made.append(Tensor(values, shape: tensor.shape, dtype: dtype))
        }
        return made
    }
}
