extension Anomaly {
    /// How many elements are none, and how many infinite.
    struct Faults {
        var nans = 0
        var infinities = 0
        var smallest = Double.infinity
        var largest = -Double.infinity

        init(_ tensor: Tensor) {
            for x in tensor.detach().array(as: Double.self) {
                if x.isNaN {
                    nans += 1
                } else if x.isInfinite {
                    infinities += 1
                } else {
                    smallest = Swift.min(smallest, x)
                    largest = Swift.max(largest, x)
                }
            }
        }
    }

    /// "nan", "inf", or both.
    static func faults(_ tensor: Tensor) -> String {
        let faults = Faults(tensor)
        return [faults.nans > 0 ? "nan" : nil, faults.infinities > 0 ? "inf" : nil]
            .compactMap { $0 }.joined(separator: " and ")
    }

    /// "float32 of shape [2], from -1.0 to 4.0, 1 nan, 2 inf".
    static func range(_ tensor: Tensor) -> String {
        let name = "\(tensor.dtype) of shape \(tensor.shape)"
        guard tensor.storage.memory != nil, tensor.numel > 0 else { return name + ", no elements" }
        let faults = Faults(tensor)
        var text = name
        if faults.smallest <= faults.largest {
            text += ", from \(faults.smallest) to \(faults.largest)"
        }
        if faults.nans > 0 { text += ", \(faults.nans) nan" }
        if faults.infinities > 0 { text += ", \(faults.infinities) inf" }
        return text
    }

    /// True unless an element is NaN or infinite; for whole numbers, and without data, true.
    static func isFinite(_ tensor: Tensor) -> Bool {
        guard tensor.dtype.isFloatingPoint, tensor.storage.memory != nil, tensor.numel > 0 else {
            return true
        }
        let dense: Block
        do throws(TensorError) {
            dense = try CPU.dense(tensor, tensor.dtype)
        } catch {
            Failure.raise(error)
            return true
        }
        let start = UnsafeRawPointer(dense.pointer!)
        return withExtendedLifetime(dense) {
            // A number is not finite where all bits of its exponent are set.
            switch tensor.dtype {
            case .float64: !holds(0x7FF0_0000_0000_0000 as UInt64, start, tensor.numel)
            case .float32: !holds(0x7F80_0000 as UInt32, start, tensor.numel)
            case .float16: !holds(0x7C00 as UInt16, start, tensor.numel)
            default: !holds(0x7F80 as UInt16, start, tensor.numel)
            }
        }
    }

    /// True where any of `count` numbers has all bits of `exponent`.
    private static func holds<Bits: FixedWidthInteger>(
        _ exponent: Bits, _ start: UnsafeRawPointer, _ count: Int
    ) -> Bool {
        let bits = start.assumingMemoryBound(to: Bits.self)
        var found: Bits = 0
        for i in 0..<count { found |= bits[i] & exponent == exponent ? 1 : 0 }
        return found != 0
    }

    /// True where a parameter of the operation is itself NaN or infinite: `fill(-.infinity)`.
    static func holdsInfinity(_ value: Any, depth: Int = 3) -> Bool {
        if let x = value as? Double { return !x.isFinite }
        if let x = value as? Float { return !x.isFinite }
        if depth == 0 { return false }
        return Mirror(reflecting: value).children.contains {
            holdsInfinity($0.value, depth: depth - 1)
        }
    }
}
