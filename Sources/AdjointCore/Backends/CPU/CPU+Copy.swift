import CAdjoint

extension CPU {
    /// Writes the elements of `source`, broadcast and converted, into `target`, whatever the
    /// strides of either.
    static func copy(_ source: Block, into target: Block) throws(TensorError) {
        if source.dtype == target.dtype { return copyElements(source, into: target) }
        if target.numel == 0 { return }
        // Convert what there is, before any broadcast.
        var dense = source
        if !source.layout.isContiguous {
            dense = try Block(scratch: source.sizes, source.dtype)
            copyElements(source, source.layout, into: dense)
        }
        if target.layout.isContiguous && dense.sizes == target.sizes {
            cast(dense, into: target)
            return
        }
        let converted = try Block(scratch: dense.sizes, target.dtype)
        cast(dense, into: converted)
        copyElements(converted, converted.layout.broadcast(to: target.sizes), into: target)
    }

    private static func cast(_ source: Block, into target: Block) {
        let (from, to) = (source.pointer!, target.pointer!)
        let (fromSize, toSize) = (source.dtype.itemSize, target.dtype.itemSize)
        let (fromCode, toCode) = (source.dtype.rawValue, target.dtype.rawValue)
        parallel(source.numel) { begin, end in
            adj_cast(
                fromCode, from + begin * fromSize, toCode, to + begin * toSize, end - begin)
        }
    }

    /// The same for a source of the target's type, which no memory is needed for.
    static func copyElements(_ source: Block, into target: Block) {
        if target.numel == 0 { return }
        copyElements(source, source.layout.broadcast(to: target.sizes), into: target)
    }

    private static func copyElements(_ source: Block, _ layout: Layout, into target: Block) {
        let size = source.dtype.itemSize
        // A large copy is shared among threads.
        if layout.isContiguous && target.layout.isContiguous && layout.count == source.numel
            && layout.count * size < 1 << 20
        {
            target.pointer!.copyMemory(from: source.pointer!, byteCount: layout.count * size)
            return
        }
        adj_copy_strided(
            size, layout.rank, layout.sizes.array, source.pointer!, layout.strides.array,
            target.pointer!, target.layout.strides.array)
    }

    /// Sets every element to `value`.
    static func fill(_ target: Block, _ value: Scalar) {
        if target.numel == 0 { return }
        withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { bytes in
            encode(value, target.dtype, bytes.baseAddress!)
            if target.layout.isContiguous {
                adj_fill(target.dtype.itemSize, target.pointer!, bytes.baseAddress!, target.numel)
            } else {
                let zeros = [Int](repeating: 0, count: target.ndim)
                adj_copy_strided(
                    target.dtype.itemSize, target.ndim, target.shape, bytes.baseAddress!, zeros,
                    target.pointer!, target.strides)
            }
        }
    }

    /// Writes one number as `dtype`.
    static func encode(_ value: Scalar, _ dtype: DType, _ address: UnsafeMutableRawPointer) {
        switch dtype {
        case .float32: address.storeBytes(of: Float(value.double), as: Float.self)
        case .float64: address.storeBytes(of: value.double, as: Double.self)
        case .float16, .bfloat16:
            var double = value.double
            adj_cast(DType.float64.rawValue, &double, dtype.rawValue, address, 1)
        case .int64: address.storeBytes(of: value.int, as: Int64.self)
        case .int32: address.storeBytes(of: Int32(truncatingIfNeeded: value.int), as: Int32.self)
        case .int16: address.storeBytes(of: Int16(truncatingIfNeeded: value.int), as: Int16.self)
        case .int8: address.storeBytes(of: Int8(truncatingIfNeeded: value.int), as: Int8.self)
        case .uint8: address.storeBytes(of: UInt8(truncatingIfNeeded: value.int), as: UInt8.self)
        case .bool: address.storeBytes(of: value.bool ? 1 : 0, as: UInt8.self)
        }
    }

    /// Reads one number.
    static func decode(_ dtype: DType, _ address: UnsafeRawPointer) -> Scalar {
        switch dtype {
        case .float32: return .float(Double(address.loadUnaligned(as: Float.self)))
        case .float64: return .float(address.loadUnaligned(as: Double.self))
        case .float16, .bfloat16:
            var double = 0.0
            adj_cast(dtype.rawValue, address, DType.float64.rawValue, &double, 1)
            return .float(double)
        case .int64: return .int(address.loadUnaligned(as: Int64.self))
        case .int32: return .int(Int64(address.loadUnaligned(as: Int32.self)))
        case .int16: return .int(Int64(address.loadUnaligned(as: Int16.self)))
        case .int8: return .int(Int64(address.loadUnaligned(as: Int8.self)))
        case .uint8: return .int(Int64(address.loadUnaligned(as: UInt8.self)))
        case .bool: return .bool(address.loadUnaligned(as: UInt8.self) != 0)
        }
    }
}
