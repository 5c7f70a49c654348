import Synchronization

/// A stream of random numbers: Philox 4x32-10, a function of seed and position, so that what is
/// drawn does not depend on the number of threads.
public final class Generator: Sendable {
    /// Seed and position: all there is to save and restore.
    public struct State: Sendable, Hashable {
        public var seed: UInt64
        public var offset: UInt64

        public init(seed: UInt64, offset: UInt64) {
            self.seed = seed
            self.offset = offset
        }
    }

    private let position: Mutex<State>

    public init(seed: Int) {
        position = Mutex(State(seed: UInt64(bitPattern: Int64(seed)), offset: 0))
    }

    /// Where the stream stands.
    public var state: State {
        get { position.withLock { $0 } }
        set { position.withLock { $0 = newValue } }
    }

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
