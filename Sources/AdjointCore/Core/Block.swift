/// Numbers of one dtype, laid out in a storage: what the backends compute on. A tensor is a block
/// with a history.
public class Block: @unchecked Sendable {
    // Replaced together, and only where a module converts its parameters; nothing else may be
    // using the tensor then, so the accesses need no checks. The storage is a variable also so
    // that its uniqueness can be asked.
    @exclusivity(unchecked) final var storage: Storage
    @exclusivity(unchecked) final var layout: Layout
    /// The type of the elements.
    @exclusivity(unchecked) public final internal(set) var dtype: DType
    /// Where they live.
    @exclusivity(unchecked) public final internal(set) var device: Device

    init(_ storage: Storage, _ layout: Layout, _ dtype: DType, _ device: Device) {
        self.storage = storage
        self.layout = layout
        self.dtype = dtype
        self.device = device
    }

    /// Uninitialised, contiguous.
    @inline(__always)
    convenience init(empty sizes: Dims, _ dtype: DType, _ device: Device = .cpu) {
        self.init(emptyLike: Layout(contiguous: sizes), dtype, device)
    }

    /// Uninitialised and contiguous: what a kernel needs beside its result.
    ///
    /// - Throws: Where there is no room for it.
    @inline(__always)
    convenience init(scratch sizes: Dims, _ dtype: DType) throws(TensorError) {
        if sizes.checkedProduct ?? .max > TensorMemory.smallest,
            let error = TensorMemory.lackOfScratch(sizes, dtype)
        {
            throw error
        }
        self.init(empty: sizes, dtype)
    }

    /// Uninitialised, with the given dense layout.
    @inline(__always)
    convenience init(emptyLike layout: Layout, _ dtype: DType, _ device: Device) {
        self.init(
            device == .cpu ? Storage(byteCount: layout.count * dtype.itemSize) : Storage.absent(),
            layout, dtype, device)
    }
}

extension Block {
    /// The size of each dimension.
    public var shape: [Int] { layout.sizes.array }
    /// The step in elements along each dimension.
    public var strides: [Int] { layout.strides.array }
    /// The number of dimensions.
    public var ndim: Int { layout.rank }
    /// The number of elements.
    public var numel: Int { layout.count }
    /// True where the elements lie row-major without gaps.
    public var isContiguous: Bool { layout.isContiguous }
    var sizes: Dims { layout.sizes }

    /// The address of the first element. Nil for a tensor without data.
    var pointer: UnsafeMutableRawPointer? {
        storage.memory.map { $0 + layout.offset &* dtype.itemSize }
    }

    /// The first element, typed. Only for tensors that have data and hold `T`.
    @inline(__always)
    func elements<T>(_: T.Type = T.self) -> UnsafeMutablePointer<T> {
        UnsafeMutableRawPointer(storage.memory.unsafelyUnwrapped)
            .assumingMemoryBound(to: T.self) + layout.offset
    }
}
