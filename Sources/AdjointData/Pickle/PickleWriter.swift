import AdjointCore

/// Writes the pickle of a state dict, protocol 2, as `torch.save` does: an OrderedDict of tensors,
/// each in a storage of its own.
struct PickleWriter {
    private(set) var bytes: [UInt8] = [0x80, 2]

    /// Storages are named by the tensors' positions.
    init(_ tensors: [(name: String, tensor: Tensor)]) {
        emptyDictionary()
        op("(")
        for (index, (name, tensor)) in tensors.enumerated() {
            text(name)
            global("torch._utils", "_rebuild_tensor_v2")
            op("(")
            op("(")
            text("storage")
            global("torch", PickleGlobal.storageName(tensor.dtype))
            text(String(index))
            text("cpu")
            number(tensor.numel)
            op("t")
            op("Q")
            number(0)
            tuple(tensor.shape)
            tuple(Self.strides(tensor.shape))
            bytes.append(0x89)
            emptyDictionary()
            op("t")
            op("R")
        }
        op("u")
        op(".")
    }

    /// The distances of neighbours in row-major order.
    private static func strides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for i in shape.indices.dropLast().reversed() {
            // A tensor without data may have more elements than an Int counts: its bytes are missed.
            strides[i] = strides[i + 1] &* max(shape[i + 1], 1)
        }
        return strides
    }

    private mutating func op(_ code: Unicode.Scalar) { bytes.append(UInt8(ascii: code)) }

    private mutating func little(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    private mutating func text(_ text: String) {
        op("X")
        little(UInt32(text.utf8.count))
        bytes += text.utf8
    }

    private mutating func number(_ value: Int) {
        if let small = UInt8(exactly: value) {
            op("K")
            bytes.append(small)
        } else if let middle = Int32(exactly: value) {
            op("J")
            little(middle)
        } else {
            bytes += [0x8A, 8]
            little(Int64(value))
        }
    }

    private mutating func tuple(_ values: [Int]) {
        op("(")
        for value in values { number(value) }
        op("t")
    }

    private mutating func global(_ module: String, _ name: String) {
        op("c")
        bytes += "\(module)\n\(name)\n".utf8
    }

    private mutating func emptyDictionary() {
        global("collections", "OrderedDict")
        op(")")
        op("R")
    }
}
