"""The actions with which an authority delivers its objectives: who does what by when. Objectives are in `plans`."""
