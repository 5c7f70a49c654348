import Foundation
import Synchronization

/// A wish to stop, spoken by Ctrl-C or by the system (SIGINT, SIGTERM).
///
/// The first one is noted for the loop to act on at the end of its step; a second one ends the
/// process at once, as it would have without this.
public enum Interruption {
    private static let received = Atomic<Int32>(0)

    /// The number of the signal that asked to stop; nil while none has.
    public static var signal: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// From here on, the signals are noted instead of ending the process.
    public static func listen() {
        _ = received.load(ordering: .relaxed)  // made before a handler could have to make it
        unblock()
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            #if canImport(Darwin)
                action.__sigaction_u.__sa_handler = note
            #else
                action.__sigaction_handler.sa_handler = note
            #endif
            // Back to the default after the first: the second ends the process. Reads and writes
            // under way go on.
            action.sa_flags =
                CInt(bitPattern: UInt32(truncatingIfNeeded: SA_RESETHAND)) | SA_RESTART
            sigaction(number, &action, nil)
        }
    }

    /// From here on, the signals end the process, whatever whoever started it has set.
    public static func endsTheProcess() {
        for number in [SIGINT, SIGTERM] { Foundation.signal(number, SIG_DFL) }
        unblock()
    }

    /// Whoever started this process may have blocked them, as threads of a pool do.
    private static func unblock() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    private static let note: @convention(c) (Int32) -> Void = { number in
        received.store(number, ordering: .relaxed)
    }
}
