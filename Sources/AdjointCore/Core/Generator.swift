import Synchronization

/// A stream of random numbers: Philox 4x32-10, a function of seed and position, so that what is
/// drawn does not depend on the number of threads.
public final class Generator: Sendable {
    /// Seed and position: all there is to save and restore.
    public struct State: Sendable, Hashable {
        /// What tells this stream from others.
        public var seed: UInt64
        /// How many positions of the stream were handed out; a multiple of four.
        public var offset: UInt64

        /// A place in the stream of `seed`.
        public init(seed: UInt64, offset: UInt64) {
            self.seed = seed
            self.offset = offset
        }
    }

    private let position: Mutex<State>

    /// A stream from its beginning. Equal seeds give equal numbers.
    public init(seed: Int) {
        position = Mutex(State(seed: UInt64(bitPattern: Int64(seed)), offset: 0))
    }

    /// Where the stream stands.
    public var state: State {
        get { position.withLock { $0 } }
        set { position.withLock { $0 = newValue } }
    }

    /// Goes to the beginning of the stream of another seed, or of the same one.
    public func reseed(_ seed: Int) {
        state = State(seed: UInt64(bitPattern: Int64(seed)), offset: 0)
    }

    /// Hands out `count` positions of the stream.
    func advance(_ count: Int) -> State {
        position.withLock { state in
            defer { state.offset &+= UInt64(truncatingIfNeeded: count &+ 3) / 4 * 4 }
            return state
        }
    }

    /// The generator of tasks that have none of their own.
    static let shared = Generator(seed: 67_280_421_310_721)
}
