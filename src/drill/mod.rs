//! The failover drill: numbered probes from outside, a fault, the recovery, and what it cost, measured:
//! RTO and RPO apart for each store. The fold from events to report is pure.
