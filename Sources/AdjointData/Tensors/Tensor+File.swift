import AdjointCore

extension Tensor {
    /// The elements in `range` of `file`, row-major, without a copy where they are aligned.
    convenience init(
        _ file: FileMemory, _ range: Range<Int>, shape: [Int], dtype: DType,
        isBigEndian: Bool = false
    ) {
        var (owner, range) = (file, range)
        if isBigEndian, dtype.itemSize > 1 {
            owner = FileMemory(copying: file[range])
            range = 0..<owner.count
            let bytes = UnsafeMutableRawBufferPointer(start: owner.memory, count: owner.count)
            switch dtype.itemSize {
            case 2: swapBytes(bytes, UInt16.self)
            case 4: swapBytes(bytes, UInt32.self)
            default: swapBytes(bytes, UInt64.self)
            }
        }
        let bytes = UnsafeMutableRawBufferPointer(
            start: owner.memory + range.lowerBound, count: range.count)
        if dtype == .bool {
            // Any byte but 0 means true; memory holds 1 for it.
            for i in bytes.indices where bytes[i] > 1 { bytes[i] = 1 }
        }
        self.init(bytes: bytes, owner: owner, shape: shape, dtype: dtype)
    }
}

private func swapBytes<T: FixedWidthInteger>(_ bytes: UnsafeMutableRawBufferPointer, _: T.Type) {
    for value in bytes.bindMemory(to: T.self).indices {
        let offset = value * MemoryLayout<T>.size
        bytes.storeBytes(
            of: bytes.load(fromByteOffset: offset, as: T.self).byteSwapped, toByteOffset: offset,
            as: T.self)
    }
}
